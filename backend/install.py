"""Installs what Mambocap runs on. Standard library only; any Python from 3.11 on runs it, Blender's own too.

    python backend/install.py backend --device auto|cpu|cuda [--wheels FOLDER] [--models-from FOLDER] [--events] [--yes]

With --events every line on stdout is one JSON object: stage, message, done, of, bytes. The last one's stage is `done`,
or `failed` with the sentence for the user. Ends with 0 when done, 2 when only the user can mend it.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    sys.exit(f"Mambocap needs Python 3.11 or newer; this is Python {sys.version.split()[0]}.")

import argparse
import signal
import subprocess
from pathlib import Path
from typing import NoReturn, Sequence

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # this file's folder holds the backend's packages, which must not hide others

from backend.environments.environment import Wish, ensure, is_ready, megabytes
from backend.environments.pins import TESTS, environment_names
from backend.environments.telling import Lines, Step, Tell, end_line, json_lines
from backend.environments.torch_build import DEVICES
from motion.places import environment_folder
from motion.refusal import Refusal

DONE, USER_CAN_MEND, STOPPED = 0, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    options = _parser().parse_args(argv)
    tell = json_lines(sys.stdout) if options.events else Lines()
    signal.signal(signal.SIGTERM, _stop)
    try:
        return _installed(options, tell)
    finally:
        end_line(tell)


def _installed(options: argparse.Namespace, tell: Tell) -> int:
    try:
        wish = Wish(options.device, checked_wheels(options.wheels), may_use_apt=options.yes)
        parts = (TESTS,) if options.tests else ()
        announce(options.environment, parts, wish, tell, ask=not options.yes)
        python = ensure(options.environment, parts, wish, tell)
        if options.environment == "backend":
            install_models(python, options.models_from, tell)
    except Refusal as refusal:
        tell(Step("failed", f"{refusal.sentence} {refusal.mend}"))
        return USER_CAN_MEND
    except KeyboardInterrupt:
        tell(Step("failed", "Stopped. What has been fetched is kept; start again to go on."))
        return STOPPED
    tell(Step("done", f"{options.environment} is ready in {environment_folder(options.environment)}"))
    return DONE


def announce(name: str, parts: tuple[str, ...], wish: Wish, tell: Tell, ask: bool) -> None:
    """Say how much will be fetched, and ask on a terminal. Raises Refusal when the user does not agree."""
    if is_ready(name, parts, wish.device):
        return
    fetched_mb, disk_mb = megabytes(name, parts, wish.device)
    where = f"from {wish.wheels}" if wish.wheels else "from the network, less what pip has already"
    tell(Step("prepare",
              f"{name}: up to {fetched_mb} MB {where}; {disk_mb} MB on the disk in {environment_folder(name)}"))
    if not ask or wish.wheels:
        return
    end_line(tell)
    if not sys.stdin.isatty() or not _agrees():
        raise Refusal("not-asked", "Nothing was downloaded.", "Say --yes to install from the network.")


def _agrees() -> bool:
    try:
        return input("Download and install? [Y/n] ").strip().lower() in ("", "y", "yes")
    except EOFError:    # the answer of Ctrl-D, or Ctrl-Z on Windows
        return False


def checked_wheels(folder: Path | None) -> Path | None:
    """The folder of wheels; raises Refusal when it holds none."""
    if folder is not None and not any(folder.glob("*.whl")):
        raise Refusal(
            "no-wheels", f"{folder} holds no wheels.", "Choose a folder with the .whl files, or leave it out."
        )
    return folder and folder.resolve()


def install_models(python: Path, models_from: Path | None, tell: Tell) -> None:
    """Have the backend fetch its detection models, or copy them from a folder."""
    tell(Step("models", "Looking after the detection models"))
    source = ["--from", str(models_from.resolve())] if models_from else []
    said = ["no reason given"]
    command = [str(python), "-X", "utf8", "-m", "backend", "models", *source]
    with subprocess.Popen(command, cwd=ROOT, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:  # fmt: skip
        assert process.stderr is not None
        for line in filter(str.strip, process.stderr):
            said.append(line.strip())
            tell(Step("models", line.strip()))
    if process.returncode != 0:
        raise Refusal("no-models", f"The detection models could not be installed: {said[-1].rstrip('.')}.",
                      "Start again to go on.")  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="install.py", description="Installs what Mambocap runs on.")
    parser.add_argument("environment", choices=environment_names())
    parser.add_argument(
        "--device", choices=DEVICES, default="auto", help="which build of torch (default: what fits the machine)"
    )
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help="install from this folder, without network")
    parser.add_argument("--models-from", type=Path, metavar="FOLDER", help="take the detection models from this folder")
    parser.add_argument("--tests", action="store_true", help="with what the tests need")
    parser.add_argument("--events", action="store_true", help="tell the progress as JSON lines on stdout")
    parser.add_argument("--yes", action="store_true", help="use the network without asking")
    return parser


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
