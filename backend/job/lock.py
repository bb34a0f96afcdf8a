"""One backend at a time in a job folder."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from motion.file_lock import given_back, taken
from motion.job import CANCEL, LOCK
from motion.refusal import Refusal
from motion.whole_files import unwritable

PATIENCE_S = 0.3   # somebody who only looks whether a run is on may hold the lock for a moment
_HOW_TO_END = {
    "capture": "cancel it",
    "batch": f"stop it (Stop in the Batch panel, or a file named {CANCEL} in that folder)",
}


@contextlib.contextmanager
def locked(job: Path, what: str = "capture") -> Iterator[str]:
    """Hold the folder of a job or a batch (`what`) while the block runs; its lock file names our process meanwhile.

    The block gets the number of the process that died here before it could end, empty where none did. The operating
    system keeps the lock and drops it when the process dies, however it dies, so a file that a dead process left
    behind is simply taken over. Raises Refusal while another process works on this folder.
    """
    with _opened(job) as stream:
        deadline_s = time.monotonic() + PATIENCE_S
        while not taken(stream):
            if time.monotonic() > deadline_s:
                raise _busy(job, stream, what)
            time.sleep(0.02)
        died = _said(stream)
        _say(job, stream, str(os.getpid()))
        try:
            yield died
        finally:
            with contextlib.suppress(Refusal):
                _say(job, stream, "")
            given_back(stream)


def _opened(job: Path) -> IO[bytes]:
    try:
        return open(os.open(job / LOCK, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0)
    except OSError as error:
        raise unwritable(job / LOCK, error) from error


def _say(job: Path, stream: IO[bytes], text: str) -> None:
    try:
        stream.seek(0)
        stream.truncate()
        stream.write(text.encode())
    except OSError as error:
        raise unwritable(job / LOCK, error) from error


def _said(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read(20).decode("ascii", "replace").strip()


def _busy(job: Path, stream: IO[bytes], what: str) -> Refusal:
    process = _said(stream) or "unknown"
    return Refusal("busy", f"A {what} is already running in {job} (process {process}).",
                   f"Wait until it is done, {_HOW_TO_END[what]}, or choose another folder.")  # fmt: skip
