"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import IO, Iterator

from .refusal import Refusal

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)   # a used-up quota and a size limit are mended in the same way


@contextlib.contextmanager
def written_whole(path: Path, mode: str = "wb") -> Iterator[IO]:
    """A stream to a temporary name beside `path`, renamed onto it when the block ends without an error.

    Raises Refusal when the disk is full or the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, mode, **({} if "b" in mode else {"encoding": "utf-8"})) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def unwritable(path: Path, error: OSError) -> Refusal:
    """The refusal that says why `path` could not be written."""
    if error.errno in DISK_FULL:
        return Refusal("disk-full", f"The disk is full: {path.name} could not be written to {path.parent}.",
                       "Free some space there and start again; what is finished is kept.")  # fmt: skip
    return Refusal("unwritable", f"{path.name} could not be written to {path.parent} ({error.strerror}).",
                   "Choose a folder that you may write to.")  # fmt: skip
