"""Where a machine keeps what was sent to it: one folder a batch in the system's temporary folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock

from backend.job.parent_process import lives
from backend.video.sequence import is_picture, pictures_from

PREFIX = "mambocap-sent-"
WORKERS = "workers"   # a file for each process that works there, named by its number


def node_folder(batch: str) -> Path:
    """The batch's folder on this machine, marked as used by this process; what dead batches left is removed."""
    folder = _folder(batch)
    mark = folder / WORKERS / str(os.getpid())
    if not mark.exists():
        with _only_one():
            folder.mkdir(mode=0o700, exist_ok=True)   # nobody else's business
            mark.parent.mkdir(exist_ok=True)
            mark.touch()
            _remove_left_behind(folder)
    return folder


class Cleaner:
    """A process that waits on a machine for the batch's end, since starting one then takes long."""

    def clear(self, batch: str) -> None:
        """Remove the batch's folder from this machine."""
        with _only_one():
            shutil.rmtree(_folder(batch), ignore_errors=True)


def local_path(folder: Path, path: str) -> Path:
    """Where the driver's footage at `path` lies in the batch's folder on this machine, under its own name."""
    return folder / "footage" / _short(os.path.dirname(path)) / os.path.basename(path)


def local_folder(folder: Path, path: str) -> Path:
    """Where a folder of the driver's, such as a job's, has its copy."""
    return folder / "folders" / _short(os.path.dirname(path)) / os.path.basename(path)


def lock_of(folder: Path, path: str) -> FileLock:
    """What a process of this machine holds while it brings or sends something; gone with its process."""
    (folder / "locks").mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "locks" / _short(path))


def drop(folder: Path, paths: Iterable[str]) -> None:
    """Remove footage and folders that are not needed any more."""
    for path in paths:
        footage = local_path(folder, path)
        pictures = pictures_from(footage) if is_picture(footage) and footage.is_file() else [footage]
        for copy in (*pictures, local_folder(folder, path)):
            shutil.rmtree(copy, ignore_errors=True)
            with contextlib.suppress(OSError):
                copy.unlink()


def _remove_left_behind(own: Path) -> None:
    for other in own.parent.glob(f"{PREFIX}*"):
        marks = list(other.glob(f"{WORKERS}/*"))
        if other.is_dir() and other != own and not any(lives(int(mark.name)) for mark in marks):
            shutil.rmtree(other, ignore_errors=True)


def _folder(batch: str) -> Path:
    return Path(tempfile.gettempdir()) / f"{PREFIX}{batch}"


def _only_one() -> FileLock:
    user = os.getuid() if hasattr(os, "getuid") else ""   # Windows has temporary folders for each user
    return FileLock(Path(tempfile.gettempdir()) / f"mambocap-sent{user}.lock")


def _short(text: str) -> str:
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:16]
