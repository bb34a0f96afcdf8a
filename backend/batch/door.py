"""`python -m backend run-batch FOLDER`: the process that Blender starts, and how a batch is stopped by signals."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

from backend.batch.open_engine import open_engine
from backend.batch.run_batch import run_batch
from motion.batch.words import CANCELLED as STOPPED
from motion.batch.words import FAILED, BatchTable
from motion.job import CANCELLED, DONE, USER_CAN_MEND


def run(folder: Path, parent: int | None) -> int:
    """Work on a batch's folder, quietly; returns the exit code. Raises Refusal where there is nothing to work on."""
    with stopped_by_signals() as stop:
        if parent is not None:
            from backend.job.parent_process import stop_with

            stop_with(parent, stop)
        return exit_code(run_batch(folder, open_engine, stop=stop))


def exit_code(table: BatchTable) -> int:
    """3 where the batch was stopped, 2 where some takes failed."""
    counts = table.counts
    return CANCELLED if counts[STOPPED] else USER_CAN_MEND if counts[FAILED] else DONE


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that is set by Ctrl+C and by a polite end of the process; a second Ctrl+C interrupts hard."""
    stop = threading.Event()

    def ask(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
