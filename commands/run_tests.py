"""`build.py test`: all tests, each in the interpreter that it is for."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from backend.environments.pins import TESTS, blender_environments
from backend.install import ROOT
from commands.capture import without_option
from commands.setup import BACKEND, blenders_to_test, ready_models, ready_python
from motion.refusal import Refusal

TIMEOUT_S = 1500
NO_TESTS = 5  # pytest's exit code where nothing was collected


@dataclass(frozen=True)
class Run:
    """The same pytest arguments in one interpreter."""

    title: str
    python: Path
    paths: tuple[str, ...]


def run(argv: list[str]) -> int:
    """Run the tests; --blender names an environment to use, paths below tests/ and all else are pytest's own."""
    argv, blender = without_option(argv, "--blender")
    blenders = checked_blender(blender) if blender else blenders_to_test()
    paths = {argument: path for argument in argv if (path := below_tests(argument))}
    options = [argument for argument in argv if argument not in paths]
    counts: Counter[str] = Counter()
    for at_once in _runs(list(paths.values()), blenders):
        counts += all_outcomes(at_once, options)
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped", flush=True)
    return 1 if counts["failed"] else 0


def below_tests(argument: str) -> str:
    """A path below tests/ as the checkout has it, wherever the command was started; "" for what is none.

    Words of options may have the names of folders, such as `-k motion`.
    """
    path, *names = argument.split("::")
    whole = Path(path).resolve()
    if argument.startswith("-") or not whole.is_relative_to(ROOT / "tests") or not whole.exists():
        return ""
    return "::".join([whole.relative_to(ROOT).as_posix(), *names])


def _runs(paths: list[str], blenders: list[str]) -> list[list[Run]]:
    """Those that run at the same time, one such list after the other.

    The core runs in every interpreter, since Blender has its own numpy. Backend's tests have the machine to themselves,
    Blenders', each on one core, run beside each other.
    """
    ours, inside = split_paths(paths)
    runs = []
    if ours:
        runs.append([Run(BACKEND, ready_python(BACKEND, (TESTS,)), tuple(ours))])
        _models_or_a_word()
    if inside:
        runs.append([Run(name, ready_python(name, (TESTS,)), tuple(inside)) for name in blenders])
    return runs


def all_outcomes(runs: list[Run], options: list[str]) -> Counter[str]:
    """Of runs at the same time; what several of them say is shown run by run."""
    if len(runs) == 1:
        return outcomes(runs[0], options)
    with ThreadPoolExecutor(len(runs)) as pool, tempfile.TemporaryDirectory() as scratch:
        said = [Path(scratch, run.title) for run in runs]
        counts = list(pool.map(outcomes, runs, itertools.repeat(options), said))
    return sum(counts, Counter())


def checked_blender(name: str) -> list[str]:
    """The named environment; raises Refusal with those that there are."""
    if name not in blender_environments():
        raise Refusal(
            "unknown-blender", f"There is no environment {name!r}.", f"There are {', '.join(blender_environments())}."
        )
    return [name]


def _models_or_a_word() -> None:
    try:
        ready_models()
    except Refusal as refusal:  # all but the detector's own tests do without
        print(f"{refusal.sentence} {refusal.mend}", file=sys.stderr)


def split_paths(paths: list[str]) -> tuple[list[str], list[str]]:
    """The paths for the backend's interpreter, and those for Blender's; all that there is when none is named."""
    if paths:
        inside = [path for path in paths if Path(path.split("::")[0]).parts[:2] == ("tests", "addon")]
        return [path for path in paths if path not in inside], inside
    tests = ROOT / "tests"
    folders = sorted(folder.name for folder in tests.iterdir() if folder.is_dir() and any(folder.rglob("test_*.py")))
    first = [*sorted(path.name for path in tests.glob("test_*.py")), *(name for name in folders if name == "motion")]
    ours = [*first, *(name for name in folders if name not in ("motion", "addon"))]
    return [f"tests/{name}" for name in ours], [f"tests/{name}" for name in ("motion", "addon") if name in folders]


def outcomes(run: Run, options: list[str], said: Path | None = None) -> Counter[str]:
    """How many tests ended how. What they say is shown at once, or kept in the file `said` and shown at the end."""
    if said is None:
        print(f"== {run.title}: {' '.join(run.paths)}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        noted = Path(scratch, "outcomes")
        command = [str(run.python), "-X", "faulthandler", str(ROOT / "commands/pytest_here.py"), str(noted), "-q",
                   *options, *run.paths]  # fmt: skip
        environment = {**os.environ, "BLENDER_USER_RESOURCES": scratch, "PYTHONDONTWRITEBYTECODE": "1",
                       "PYTHONUTF8": "1"}  # fmt: skip
        started = time.monotonic()
        code = _call(command, environment, said)
        counts = Counter(noted.read_text(encoding="utf-8").split()) if noted.exists() else Counter()
    if said is not None:
        text = said.read_text(encoding="utf-8", errors="replace")
        print(f"== {run.title}: {' '.join(run.paths)}\n{text}", flush=True)
    if code not in (0, NO_TESTS) and not counts["failed"]:
        print(f"{run.title}: " + (f"no end after {TIMEOUT_S} s" if code is None else f"pytest ended with code {code}"))
        counts["failed"] += 1
    print(f"== {run.title}: {time.monotonic() - started:.0f} s", flush=True)
    return counts


def _call(command: list[str], environment: dict[str, str], said: Path | None) -> int | None:
    """The exit code, None when it did not end in time. What the command says goes to the file `said`, if given."""
    with open(said, "wb") if said else contextlib.nullcontext() as stream:
        try:
            return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=stream,
                                  stderr=stream, timeout=TIMEOUT_S).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
