"""A batch from its request to its report: hands out the takes' tasks and keeps the table."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from backend.batch.report.write_report import write_report

from backend.batch.engine import Engine
from backend.batch.one_take import TakeInWork
from backend.batch.task import Task
from backend.job.lock import locked
from backend.job.run import log_file
from motion.batch.words import (
    BATCH_LOG,
    CANCELLED,
    DONE,
    FAILED,
    BatchRequest,
    BatchTable,
    TakeRow,
    read_batch,
)  # fmt: skip
from motion.job import CANCEL

WAIT_S = 0.5            # between two looks at the wish to stop, and at most between two tables
PAUSE_FOR_EACH_S = 1e-3   # between two tables, for each take in them
IN_HAND = 2             # tasks beyond the engine's slots that wait with it, so that no worker waits for us
LEAST_SHARE_TO_TELL = 0.02   # of the work, from which the time left is known well enough to be told

log = logging.getLogger(__name__)
Listener = Callable[[BatchTable], None]
OpenEngine = Callable[[Path, BatchRequest], Engine]


def run_batch(
    folder: Path, open_engine: OpenEngine, listener: Listener | None = None, stop: threading.Event | None = None
) -> BatchTable:
    """Do what `batch.json` in `folder` asks for, and return the table, which also lies there as `table.json`.

    Takes that are done already stay as they are. A take that fails costs only itself. When `stop` is set or the file
    `cancel` appears, all work ends at once and what is finished is kept. Raises Refusal where there is no batch, where
    another process runs it, where the folder cannot be written, and what `open_engine` raises.
    """
    request = read_batch(folder)
    with locked(folder), log_file(folder / BATCH_LOG):
        (folder / CANCEL).unlink(missing_ok=True)
        home = Path(request.takes_folder) if request.takes_folder else folder
        batch = _Batch(folder, [TakeInWork(wanted, home / wanted.name, request) for wanted in request.takes], listener)
        try:
            if batch.anything_to_do:
                batch.work(open_engine(folder, request), stop or threading.Event())
        finally:
            batch.end()
        write_report(folder, batch.table)
    return batch.table


class _Batch:
    """All takes of a batch while it runs."""

    def __init__(self, folder: Path, takes: Sequence[TakeInWork], listener: Listener | None) -> None:
        self._folder, self._takes, self._listener = folder, takes, listener
        self._by_name = {take.wanted.name: take for take in takes}
        self._began_s, self._written_s = time.monotonic(), 0.0
        self.table = BatchTable(self._rows())
        self._share_before = self.table.share

    @property
    def anything_to_do(self) -> bool:
        return not all(take.is_over for take in self._takes)

    def work(self, engine: Engine, stop: threading.Event) -> None:
        """Until all takes are over, or somebody wishes to stop. The engine is closed in any case."""
        in_hand = 0
        try:
            while self.anything_to_do and not stop.is_set() and not (self._folder / CANCEL).exists():
                for task in self._next_tasks(engine.slots + IN_HAND - in_hand):
                    engine.start(task)
                    in_hand += 1
                for ended in engine.wait(WAIT_S):
                    in_hand -= 1
                    log.info("%s of %s: %.1f s on %s", ended.task.kind, ended.task.take, ended.seconds, ended.machine)
                    self._by_name[ended.task.take].end(ended)
                for told in engine.told():
                    self._by_name[told.task.take].hear(told)
                self.table = replace(self.table, takes=self._rows(), left_s=self._left_s(), workers=engine.slots,
                                     where=engine.where)  # fmt: skip
                self._tell()
        finally:
            engine.close()

    def end(self) -> None:
        """What is not finished is marked so, and the table says that nobody works any more."""
        rows = tuple(row if row.state in (DONE, FAILED) else replace(row, state=CANCELLED, stage="")
                     for row in self._rows())  # fmt: skip
        self.table = replace(self.table, takes=rows, running=False, left_s=0.0)
        self._written_s = 0.0
        self._tell()

    def _next_tasks(self, count: int) -> Iterator[Task]:
        """Those of takes that come first, so that the first results come early and little is half done."""
        for take in self._takes:
            while count > 0 and (task := take.next_task()):
                count -= 1
                yield task
            if count <= 0:
                return

    def _rows(self) -> tuple[TakeRow, ...]:
        return tuple(take.row for take in self._takes)

    def _left_s(self) -> float:
        share = self.table.share
        done_now = share - self._share_before
        spent_s = time.monotonic() - self._began_s
        return spent_s * (1.0 - share) / done_now if done_now >= LEAST_SHARE_TO_TELL else -1.0

    def _tell(self) -> None:
        """Write the table and let the listener know, not too often: the table of a large batch is large."""
        pause_s = max(WAIT_S, len(self._takes) * PAUSE_FOR_EACH_S)
        if time.monotonic() - self._written_s < pause_s:
            return
        self.table.write(self._folder)
        if self._listener:
            self._listener(self.table)
        self._written_s = time.monotonic()
