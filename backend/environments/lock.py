"""One installation of an environment at a time; the lock ends with its process."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import IO, Iterator

from motion.refusal import Refusal


@contextlib.contextmanager
def held(path: Path, what: str) -> Iterator[None]:
    """Hold the lock file while the block runs. Raises Refusal when another process holds it or it cannot be written."""
    with _opened(path) as stream:
        try:
            _lock(stream)
        except OSError:
            raise Refusal("being-installed", f"Another process is installing {what} at this moment.",
                          "Wait until it is done, then start again.") from None  # fmt: skip
        yield


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(path, "a+", encoding="utf-8")
    except OSError as error:
        raise Refusal("unwritable", f"{path.parent} cannot be written ({error.strerror}).",
                      "Choose another place by the environment variable MAMBOCAP_HOME.") from error  # fmt: skip


def _lock(stream: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
