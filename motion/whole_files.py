"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import filecmp
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Iterator

from .refusal import Refusal

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)   # a used-up quota and a size limit are mended in the same way
PATIENCE_S = 2.0              # with a file that another program has open: virus scanners look at new ones for a moment
TRY_EVERY_S = 0.05
LONGEST_ON_WINDOWS = 240      # letters of a path, of 259, for the temporary name beside it


@contextlib.contextmanager
def written_whole(path: Path, mode: str = "wb") -> Iterator[IO]:
    """A stream to a temporary name beside `path`, renamed onto it when the block ends without an error.

    Text is UTF-8 with the same line ends on every system. Raises Refusal when the disk is full or the folder cannot be
    written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, mode, **({} if "b" in mode else {"encoding": "utf-8", "newline": "\n"})) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        put_in_place(temporary, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def put_in_place(finished: Path, path: Path) -> None:
    """Rename a file onto `path`, whatever lies there. Raises OSError.

    What is there already, byte by byte, may stay: on Windows a film cannot be replaced while Blender shows it.
    """
    try:
        _patiently(lambda: os.replace(finished, path))
    except PermissionError:
        if not (path.is_file() and filecmp.cmp(finished, path, shallow=False)):
            raise
        finished.unlink()


def remove(path: Path) -> None:
    """Remove a file, if it is there. Raises OSError."""
    if os.path.lexists(path):   # a disk that is only read refuses to remove even what is not there
        _patiently(lambda: path.unlink(missing_ok=True))


def _patiently(do: Callable[[], None]) -> None:
    """Windows neither replaces nor removes a file while anybody reads it, so that it is tried for a while there."""
    until_s = time.monotonic() + PATIENCE_S
    while sys.platform == "win32" and time.monotonic() < until_s:
        with contextlib.suppress(PermissionError):
            return do()
        time.sleep(TRY_EVERY_S)
    do()


def unwritable(path: Path, error: OSError) -> Refusal:
    """The refusal that says why `path` could not be written."""
    if error.errno in DISK_FULL:
        return Refusal("disk-full", f"The disk is full: {path.name} could not be written to {path.parent}.",
                       "Free some space there and start again; what is finished is kept.")  # fmt: skip
    if _is_too_long(path, error):
        return Refusal("long-name", f"The name {path.name[:40]}... is too long for its folder {path.parent}.",
                       "Choose a shorter name, or a folder that lies less deep.")  # fmt: skip
    windows = "Close the programs that have it open, or choose" if sys.platform == "win32" else "Choose"
    return Refusal("unwritable", f"{path.name} could not be written to {path.parent} ({error.strerror}).",
                   f"{windows} a folder that you may write to.")  # fmt: skip


def _is_too_long(path: Path, error: OSError) -> bool:
    """Windows says of a path with too many letters that its folder is not there."""
    too_many = sys.platform == "win32" and len(os.path.abspath(path)) > LONGEST_ON_WINDOWS
    return error.errno == errno.ENAMETOOLONG or (error.errno == errno.ENOENT and too_many)
