"""The backend as a process of its own: started, asked to stop, and found again. Knows nothing of Blender."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

from ..motion.file_lock import is_held
from ..motion.job import CANCEL, ERROR, EVENTS, LOCK, LOG, REQUEST, RESULT
from ..motion.refusal import Refusal

EXTENSION_FOLDER = Path(__file__).resolve().parent.parent
START_LOG = "start.log"   # what the interpreter says before the backend's own log is open

# Blender sets some of these for its own Python; another Python that inherits them finds the wrong packages.
_BLENDERS_OWN = ("PYTHONHOME", "PYTHONPATH", "PYTHONNOUSERSITE", "PYTHONSTARTUP", "PYTHONUSERBASE", "VIRTUAL_ENV",
                 "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "OCIO", "OMP_NUM_THREADS")  # fmt: skip

# A dead child stays a zombie until its parent asks for it, and a zombie answers as if it lived.
_children: dict[int, subprocess.Popen] = {}


def clean_environment() -> dict[str, str]:
    """This process's environment without what would lead another Python astray."""
    environment = {name: value for name, value in os.environ.items() if name not in _BLENDERS_OWN}
    return {**environment, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


def start(python: Path, arguments: list[str], log: Path) -> int:
    """Start `python` in the extension's folder so that it outlives Blender; its output goes to `log`.

    Returns the process id. Raises Refusal when there is no such program.
    """
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    try:
        with open(log, "ab") as output:
            child = subprocess.Popen(
                [str(python), *arguments], cwd=EXTENSION_FOLDER, env=clean_environment(), stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=sys.platform != "win32", creationflags=flags,
            )  # fmt: skip
    except OSError as error:
        raise Refusal("no-backend", f"{python} could not be started ({error.strerror}).",
                      "Press Install Backend in the preferences of Mambocap.") from error  # fmt: skip
    _children[child.pid] = child
    return child.pid


def start_job(python: Path, job: Path, mock: str = "") -> int:
    """Start the backend on a job folder with its request in it; what an earlier run said is forgotten."""
    for name in (EVENTS, CANCEL, ERROR, START_LOG):
        (job / name).unlink(missing_ok=True)
    play = ["--mock", mock] if mock else []
    return start(python, ["-m", "backend", "run", str(job), *play], job / START_LOG)


def ask_to_stop(job: Path) -> None:
    """Ask the backend to stop at the next picture; what is finished stays in the job's cache."""
    (job / CANCEL).touch()


def is_alive(process_id: int) -> bool:
    """Whether a process that we started still runs."""
    child = _children.get(process_id)
    return child is not None and child.poll() is None


def exit_code(process_id: int) -> int | None:
    """How a process that we started ended, None while it runs or when it is not ours."""
    child = _children.get(process_id)
    return None if child is None else child.poll()


def end(process_id: int, how: int = 9) -> None:
    """End a process and whatever it has started itself; `how` is a signal, 9 leaves it no say."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/PID", str(process_id), "/T", "/F"], creationflags=subprocess.CREATE_NO_WINDOW,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        elif os.getpgid(process_id) == process_id:
            os.killpg(process_id, how)
        else:
            os.kill(process_id, how)


def state(job: Path, process_id: int | None = None) -> str:
    """"running", "finished", "failed", "interrupted" (no word of an end, no process) or "empty" (no request)."""
    if (process_id is not None and is_alive(process_id)) or is_locked(job):
        return "running"
    if (job / ERROR).exists():
        return "failed"
    if _written(job / RESULT) >= max(1, _written(job / EVENTS)):   # else the result is that of an earlier run
        return "finished"
    return "interrupted" if (job / REQUEST).exists() else "empty"


def _written(path: Path) -> int:
    """When a file was last written, ns; 0 when there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def lock_holder(job: Path) -> int | None:
    """The process id in the job's lock, None without one."""
    try:
        found = re.search(rb"\d+", (job / LOCK).read_bytes()[:200])
    except OSError:
        return None
    return int(found.group()) if found else None


def is_locked(job: Path) -> bool:
    """Whether a backend works in this folder, whoever started it; the lock is only looked at, not kept."""
    return is_held(job / LOCK)


def last_word(job: Path) -> str:
    """The last line that the process said beside its log: why it could not even begin."""
    try:
        lines = (job / START_LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1].strip()[:300] if lines else ""


def log_of(job: Path) -> Path | None:
    """The log that says most about the last run, None when nothing was written."""
    logs = [path for path in (job / LOG, job / START_LOG) if path.exists() and path.stat().st_size]
    return logs[0] if logs else None
