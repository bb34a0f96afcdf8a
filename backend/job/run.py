"""The backend's door for other programs: works on a job folder and says how it ended, always in words."""

from __future__ import annotations

import contextlib
import errno
import faulthandler
import logging
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from backend.job.lock import locked
from backend.job.watch import Listener, Watch
from backend.lacking import lacking_package
from backend.progress import Cancelled
from motion.job import (
    CANCEL,
    CANCELLED,
    DONE,
    ERROR,
    LIVE_PICTURE,
    LOG,
    OUR_BUG,
    STAGES,
    USER_CAN_MEND,
    Failure,
    Request,
    Result,
    read_request,  # fmt: skip
)
from motion.refusal import Refusal
from motion.whole_files import DISK_FULL, remove, unwritable

WRITING = ".writing"     # folder in the job where results wait until all of them are complete
LARGEST_LOG_BYTES = 8 << 20
OUT_OF_REACH = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.ENXIO, errno.ENODEV, errno.ETIMEDOUT,
                errno.ESTALE, errno.ENAMETOOLONG)  # fmt: skip
STOPPED = Failure("cancelled", "The capture was cancelled.", "Start it again to go on; finished stages are kept.")
LEFT_BEHIND = re.compile(r"\.[\w.-]+\.(npz|json|jpg|mp4)\.\d+\.tmp")

log = logging.getLogger(__name__)
Work = Callable[[Path, Request, Watch], Result]


def run_job(
    job: Path, work: Work | None = None, listener: Listener | None = None, stop: threading.Event | None = None
) -> Result | Failure:
    """Do what `request.json` in the folder `job` asks for, and return what is now in its result or error file.

    `work` is what to do, a capture if not given; `listener` hears every event; `stop` ends the run when it is set.
    A folder that is busy or cannot be written is left as it is.
    """
    try:
        if not job.is_dir():
            raise Refusal("no-job", f"There is no folder {job}.", "Start the capture again.")
        with locked(job) as died, log_file(job / LOG):
            return _run(job, work or _capture, listener, stop or threading.Event(), died)
    except Refusal as refusal:
        return Failure(refusal.code, refusal.sentence, refusal.mend)


def exit_code(outcome: Result | Failure) -> int:
    if isinstance(outcome, Result):
        return DONE
    return {"bug": OUR_BUG, "cancelled": CANCELLED}.get(outcome.code, USER_CAN_MEND)


def _run(job: Path, work: Work, listener: Listener | None, stop: threading.Event, died: str) -> Result | Failure:
    stage = "open"
    try:
        remove(job / ERROR)
        watch = Watch(job, listener, stop)
        try:
            _tidy(job)
            request = read_request(job)
            _tidy_actors(job, request, died)
            result = work(job, request, watch)
            result.write(job)
            return result
        finally:
            stage = watch.current_stage
    except (Cancelled, KeyboardInterrupt):
        with contextlib.suppress(OSError):   # who asks anew removes it, too
            remove(job / CANCEL)
        failure = STOPPED
    except Exception as error:
        log_line = line_count(job / LOG) + 1   # others may have logged there before, the tasks of a batch for one
        log.error("%s did not finish: %s", stage, error, exc_info=not isinstance(error, Refusal))
        failure = failure_of(error, job, stage, log_line)
    _write(failure, job)
    return failure


def failure_of(error: Exception, job: Path, stage: str, log_line: int = 0) -> Failure:
    """An exception in words, of which `backend.log` has more from `log_line` on."""
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        error = unwritable(Path(error.filename or job / WRITING), error)
    if isinstance(error, ModuleNotFoundError):
        error = lacking_package(error) or error
    if isinstance(error, Refusal):
        return Failure(error.code, error.sentence, error.mend, log_line)
    if isinstance(error, OSError) and error.filename and error.errno in OUT_OF_REACH:
        return Failure("out-of-reach", f"{os.fsdecode(error.filename)} cannot be used ({error.strerror}).",
                       "Check its drive, its name and your permissions, and start again.", log_line)  # fmt: skip
    doing = STAGES[stage][0].lower() + STAGES[stage][1:]
    if isinstance(error, MemoryError):
        return Failure("out-of-memory", f"The memory of this machine was not enough while {doing}.",
                       "Close other programs, or capture a shorter part of the clip.", log_line)  # fmt: skip
    where = f", where line {log_line} says why" if log_line else ""
    return Failure("bug", f"Mambocap failed while {doing}; the fault is ours.",
                   f"Report it with {job / LOG}{where}.", log_line)  # fmt: skip


def _write(failure: Failure, job: Path) -> None:
    try:
        failure.write(job)
    except Refusal as refusal:
        log.error("%s", refusal)


def _tidy(job: Path) -> None:
    """Remove what a killed run left half-written, and its picture, which is none of this run."""
    shutil.rmtree(job / WRITING, ignore_errors=True)
    half = (path for pattern in (".*.tmp", "cache/.*.tmp", "person_*/.*.tmp") for path in job.glob(pattern))
    for path in (job / LIVE_PICTURE, *(path for path in half if LEFT_BEHIND.fullmatch(path.name))):
        with contextlib.suppress(OSError):
            path.unlink()


def _tidy_actors(job: Path, request: Request, died: str) -> None:
    """The same where actors are kept, in which others may be writing: only what the run of this job left that died."""
    if request.actor_folder and died.isdecimal():
        with contextlib.suppress(OSError):
            for path in (job / request.actor_folder).glob(f".*.json.{died}.tmp"):
                path.unlink()


@contextlib.contextmanager
def log_file(path: Path) -> Iterator[None]:
    """What is logged in the block goes to the file at `path`, a crash of native code too."""
    logging.raiseExceptions = False   # a full disk must not end the run for the sake of its log
    root = logging.getLogger()
    try:
        with contextlib.suppress(FileNotFoundError, PermissionError):   # another process may write to it
            if path.stat().st_size > LARGEST_LOG_BYTES:
                path.unlink()
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise unwritable(path, error) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    level = root.level
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    faulthandler.enable(handler.stream)   # type: ignore[arg-type]
    try:
        yield
    finally:
        faulthandler.disable()
        root.removeHandler(handler)
        root.setLevel(level)
        with contextlib.suppress(OSError):
            handler.close()


def line_count(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _capture(job: Path, request: Request, watch: Watch) -> Result:
    from backend.job.take import make_take  # imports all stages, which takes seconds; the first event is out by now

    return make_take(job, request, watch)
