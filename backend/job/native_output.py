"""What libraries print, past Python, into the log where it belongs."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from motion.whole_files import unwritable

STDOUT, STDERR = 1, 2


@contextlib.contextmanager
def native_output_to(path: Path, *numbers: int) -> Iterator[list[int]]:
    """What goes to the process's streams of these numbers goes to the log; the block gets copies of the true ones.

    Raises Refusal when the log cannot be written.
    """
    try:
        log = open(path, "ab")
    except OSError as error:
        raise unwritable(path, error) from error
    _flush()
    true = [os.dup(number) for number in numbers]
    with log:
        for number in numbers:
            os.dup2(log.fileno(), number)
    try:
        yield true
    finally:
        _flush()
        for number, copy in zip(numbers, true, strict=True):
            os.dup2(copy, number)
            os.close(copy)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:   # a program without a console has none
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
