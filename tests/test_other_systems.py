"""Nothing in the product is for one system alone: what only some systems have stands in a branch."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("addon", "motion", "backend", "commands")
MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "msvcrt", "winreg", "_winapi"}
OF_OS = {"kill", "killpg", "getpgid", "setpgid", "setsid", "fork", "forkpty", "getuid", "geteuid", "getgid", "mkfifo",
         "sched_getaffinity", "sched_setaffinity", "sysconf", "chown", "getloadavg", "uname", "statvfs", "nice",
         "wait4", "waitpid", "symlink", "startfile", "O_BINARY", "O_NOFOLLOW"}  # fmt: skip
OF_SIGNAL = {"SIGKILL", "SIGSTOP", "SIGCONT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCHLD",
             "alarm", "pause", "pthread_kill", "CTRL_BREAK_EVENT"}  # fmt: skip
OF_SUBPROCESS = {"CREATE_NO_WINDOW", "CREATE_NEW_PROCESS_GROUP", "DETACHED_PROCESS", "STARTUPINFO"}
ONLY_SOMEWHERE = {"os": OF_OS, "signal": OF_SIGNAL, "subprocess": OF_SUBPROCESS, "ctypes": {"windll", "WinDLL"}}
LINUX_FOLDER = re.compile(r"/(proc|sys|tmp|dev|etc|usr|var|bin)(/|$)")
# Looked at where they are, and passed over where they are not.
MAY_BE_MISSING = {"backend/machine.py", "backend/environments/pythons.py"}
SPAWNS = {"run", "Popen", "check_output", "call", "check_call"}


class File:
    """A source file of the product as a tree whose nodes know what is around them."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.nodes = name, [*ast.walk(ast.parse(text))]
        self._around = {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}
        self.calls = [node for node in self.nodes if isinstance(node, ast.Call)]

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        while (node := self._around.get(node)) is not None:
            yield node

    def in_a_branch(self, node: ast.AST) -> bool:
        """Whether this is only reached on some systems, or where it is there.

        By an `if` around it or before it in its function, by a `try` that catches what is missing, or in a function
        whose name says its system.
        """
        for outer in self.around(node):
            if isinstance(outer, (ast.If, ast.IfExp)) and asks_for_the_system(outer.test):
                return True
            if isinstance(outer, ast.Try) and any(catches_what_is_missing(handler) for handler in outer.handlers):
                return True
            if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
                asked = [each.lineno for each in ast.walk(outer)
                         if isinstance(each, (ast.If, ast.IfExp)) and asks_for_the_system(each.test)]  # fmt: skip
                return outer.name.endswith(("_on_windows", "_on_linux")) or min(asked, default=1 << 30) < node.lineno
        return False


def asks_for_the_system(test: ast.expr) -> bool:
    words = ast.unparse(test)
    return "sys.platform" in words or "os.name" in words or "hasattr(" in words


def catches_what_is_missing(handler: ast.ExceptHandler) -> bool:
    return handler.type is not None and bool(
        re.search(r"\b(AttributeError|ImportError|ModuleNotFoundError)\b", ast.unparse(handler.type))
    )


def only_somewhere(file: File) -> Iterator[tuple[int, str]]:
    """What some system lacks, outside of a branch."""
    for node in file.nodes:
        if what := missing_somewhere(node):
            if not file.in_a_branch(node):
                yield node.lineno, what


def missing_somewhere(node: ast.AST) -> str:
    if isinstance(node, ast.Import):
        return next((alias.name for alias in node.names if alias.name in MODULES), "")
    if isinstance(node, ast.ImportFrom):
        return node.module if node.level == 0 and node.module in MODULES else ""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return ast.unparse(node) if node.attr in ONLY_SOMEWHERE.get(node.value.id, ()) else ""
    if isinstance(node, ast.keyword) and node.arg in ("start_new_session", "preexec_fn", "creationflags", "shell"):
        asks = asks_for_the_system(node.value) or isinstance(node.value, (ast.Name, ast.Attribute))
        return "" if asks else node.arg
    return ""


def folders_of_linux(file: File) -> Iterator[tuple[int, str]]:
    for node in file.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and LINUX_FOLDER.match(node.value):
            if not file.in_a_branch(node):
                yield node.lineno, node.value


def texts_in_an_unknown_encoding(file: File) -> Iterator[tuple[int, str]]:
    """Files opened as text, and output read as text, in whatever encoding a system has; and output that may not be read
    at all since its program has another."""
    for call in file.calls:
        named = {each.arg for each in call.keywords}
        name = called(call)
        if (opens_text(call) or name in ("read_text", "write_text")) and "encoding" not in named and None not in named:
            yield call.lineno, f"{name}() without encoding"
        as_text = any(each.arg in ("text", "universal_newlines") for each in call.keywords)
        if name in SPAWNS and (as_text or "encoding" in named) and not {"errors", None} & named:
            yield call.lineno, f"{name}() as text without errors"


def called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def opens_text(call: ast.Call) -> bool:
    """open(...) and path.open(...), but neither archive.open(member) nor av.open(film)."""
    if called(call) not in ("open", "fdopen"):
        return False
    is_method = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) != "os"
    place = 0 if is_method else 1
    named = [each.value for each in call.keywords if each.arg == "mode"]
    given = [*call.args[place : place + 1], *named]
    if not given:
        return not is_method or not call.args
    mode = given[0].value if isinstance(given[0], ast.Constant) else None
    return isinstance(mode, str) and set(mode) <= set("rwaxt+")


def renames(file: File) -> Iterator[tuple[int, str]]:
    """Renaming onto a file that others read, which Windows refuses for a while."""
    for call in file.calls:
        if called(call) in ("replace", "rename", "renames") and isinstance(call.func, ast.Attribute):
            of_os = ast.unparse(call.func.value) == "os"
            of_path = len(call.args) == 1 and not call.keywords and ast.unparse(call.func.value) != "dataclasses"
            if of_os or of_path:
                yield call.lineno, ast.unparse(call)


def paths_between_drives(file: File) -> Iterator[tuple[int, str]]:
    """What has no answer between two drives of Windows, where nobody catches that."""
    for call in file.calls:
        if called(call) in ("relpath", "commonpath"):
            around = [*file.around(call)]
            caught = any(isinstance(each, ast.Try) and "ValueError" in ast.unparse(each) for each in around)
            caught |= any(isinstance(each, ast.With) and "ValueError" in ast.unparse(each.items[0]) for each in around)
            if not caught:
                yield call.lineno, ast.unparse(call)


RULES = (only_somewhere, folders_of_linux, texts_in_an_unknown_encoding, renames, paths_between_drives)
EXEMPT = {renames: {"motion/whole_files.py"}, folders_of_linux: MAY_BE_MISSING}


def offences() -> Iterator[str]:
    for path in sorted([*ROOT.glob("*.py"), *(path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py"))]):
        file = File(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for rule in RULES:
            if file.name not in EXEMPT.get(rule, ()):
                yield from (f"{file.name}:{line}: {rule.__name__}: {what}" for line, what in rule(file))


def test_the_product_is_for_every_system() -> None:
    found = [*offences()]
    assert not found, "\n".join(found)


OFFENDERS = {
    only_somewhere: ["import fcntl", "import os\nos.kill(1, 9)", "signal.SIGKILL", "Popen(a, start_new_session=True)",
                     "subprocess.run(a, shell=True)", "def f():\n    os.getuid()\n    if os.name == 'nt': return",
                     "ctypes.windll.kernel32", "try:\n    import resource\nexcept OSError:\n    pass"],
    folders_of_linux: ["Path('/tmp')", "open('/proc/self/status', encoding='utf-8')", "'/dev/null'"],
    texts_in_an_unknown_encoding: ["open(path)", "open(path, 'w')", "path.open()", "path.open('a')", "path.read_text()",
                                   "path.write_text(a)", "os.fdopen(a, 'w')", "run(a, text=True)",
                                   "Popen(a, encoding='utf-8')", "open(path, mode='r')"],
    renames: ["os.replace(a, b)", "os.rename(a, b)", "path.replace(target)", "path.rename(target)"],
    paths_between_drives: ["os.path.relpath(a, b)", "commonpath([a, b])"],
}  # fmt: skip
INNOCENTS = {
    only_somewhere: ["import os\nif sys.platform != 'win32':\n    import fcntl",
                     "os.getuid() if hasattr(os, 'getuid') else 0",
                     "def f():\n    if sys.platform == 'win32': return\n    os.kill(1, 0)", "signal.SIGTERM",
                     "try:\n    import resource\nexcept ImportError:\n    pass", "Popen(a, creationflags=flags)",
                     "def _f_on_windows():\n    ctypes.windll.kernel32"],
    folders_of_linux: ["'tmp/a'", "'/table'", "'a/usr/'"],
    texts_in_an_unknown_encoding: ["open(path, 'rb')", "open(path, encoding='utf-8')", "path.open('rb')", "run(a)",
                                   "archive.open(member)", "av.open(film, 'w', format='mp4')", "path.read_bytes()",
                                   "run(a, text=True, errors='replace')", "os.open(path, os.O_RDWR)"],
    renames: ["text.replace('a', 'b')", "replace(settings, a=1)", "dataclasses.replace(a, b=1)"],
    paths_between_drives: ["try:\n    os.path.relpath(a, b)\nexcept ValueError:\n    pass", "path.relative_to(b)",
                           "with suppress(ValueError):\n    os.path.relpath(a, b)"],
}  # fmt: skip


@pytest.mark.parametrize("rule, text", [(rule, text) for rule in RULES for text in OFFENDERS[rule]])
def test_a_rule_sees_what_it_is_for(rule, text: str) -> None:
    assert [*rule(File("a.py", text))]


@pytest.mark.parametrize("rule, text", [(rule, text) for rule in RULES for text in INNOCENTS[rule]])
def test_a_rule_leaves_the_rest_alone(rule, text: str) -> None:
    assert not [*rule(File("a.py", text))]


def test_whoever_hosts_the_project_tests_it_by_the_same_command_on_the_three_systems() -> None:
    workflow = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"system: (\w+)-latest", workflow)) == {"ubuntu", "windows", "macos"}
    assert re.search(r"run: \$\{\{ matrix.python \}\} build.py test$", workflow, re.MULTILINE)
    assert "permissions:\n  contents: read\n" in workflow and "{{ secrets" not in workflow
