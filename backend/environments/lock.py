"""One installation of an environment at a time; the lock ends with its process."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import IO, Iterator

from motion.file_lock import given_back, taken
from motion.refusal import Refusal


@contextlib.contextmanager
def held(path: Path, what: str) -> Iterator[None]:
    """Hold the lock file while the block runs. Raises Refusal when another process holds it or it cannot be written."""
    with _opened(path) as stream:
        if not taken(stream):
            raise Refusal("being-installed", f"Another process is installing {what} at this moment.",
                          "Wait until it is done, then start again.")  # fmt: skip
        try:
            yield
        finally:
            given_back(stream)


def _opened(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(path, "ab", buffering=0)
    except OSError as error:
        raise Refusal("unwritable", f"{path.parent} cannot be written ({error.strerror}).",
                      "Choose another place by the environment variable MAMBOCAP_HOME.") from error  # fmt: skip
