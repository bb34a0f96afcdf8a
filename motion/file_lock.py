"""A lock on an open file. The operating system keeps it and drops it when its process ends, however it ends."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import IO

BYTE_LOCKED_ON_WINDOWS = 1 << 30   # far behind what is written in the file, which others must be able to read


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock of this file; it is only looked at, not kept."""
    try:
        with open(path, "rb") as stream:
            if not taken(stream):
                return True
            given_back(stream)
    except OSError:
        pass
    return False


if sys.platform == "win32":
    import msvcrt

    def taken(stream: IO) -> bool:
        """Take the lock of a file, without waiting. Where its file system has no locks, everybody gets it."""
        stream.seek(BYTE_LOCKED_ON_WINDOWS)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        except OSError:
            pass   # better to work unguarded than not at all
        return True

    def given_back(stream: IO) -> None:
        """Windows takes its time with the locks of a file that is closed."""
        stream.seek(BYTE_LOCKED_ON_WINDOWS)
        with contextlib.suppress(OSError):
            msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def taken(stream: IO) -> bool:
        """Take the lock of a file, without waiting. Where its file system has no locks, everybody gets it."""
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass   # better to work unguarded than not at all
        return True

    def given_back(stream: IO) -> None:
        with contextlib.suppress(OSError):
            fcntl.flock(stream, fcntl.LOCK_UN)
