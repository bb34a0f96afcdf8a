"""A batch from its request to its report: hands out the takes' tasks and keeps the table."""

from __future__ import annotations

import contextlib
import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from backend.batch.engine import Engine
from backend.batch.one_take import TakeInWork
from backend.batch.report.write_report import write_report
from backend.batch.task import Ended, Task
from backend.batch.time_left import UNKNOWN, left_s
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
    read_table,
)  # fmt: skip
from motion.job import CANCEL, Failure
from motion.refusal import Refusal
from motion.whole_files import remove

WAIT_S = 0.5            # between two looks at the wish to stop, and at least between two tables
PAUSE_FOR_EACH_S = 1e-3   # between two tables, for each take in them
IN_HAND = 2             # tasks beyond the engine's slots that wait with it, so that no worker waits for us
PATIENCE_S = 3.0        # for the last table, where Windows does not replace a file while somebody reads it

DOUBLED = Failure("doubled", "Another take of the batch has the same name.", "Give one of them another name.")

log = logging.getLogger(__name__)
Listener = Callable[[BatchTable], None]
OpenEngine = Callable[[Path, BatchRequest], Engine]


def run_batch(
    folder: Path, open_engine: OpenEngine, listener: Listener | None = None, stop: threading.Event | None = None
) -> BatchTable:
    """Do what `batch.json` in `folder` asks for, and return the table, which also lies there as `table.json`.

    Takes that are done already stay as they are. A take that fails costs only itself. When `stop` is set or the file
    `cancel` appears, all work ends at once and what is finished is kept. `open_engine` gets the request with the takes
    that are to be done, and is not called where there are none. Raises Refusal where there is no batch, where another
    process runs it, where the folder cannot be written or the disk is full, and what `open_engine` raises.
    """
    request = read_batch(folder)
    with locked(folder, "batch"), log_file(folder / BATCH_LOG):
        batch = _Batch(folder, request, listener)
        try:
            batch.work(open_engine, stop or threading.Event())
        except Refusal as refusal:
            batch.message = refusal.sentence
            raise
        finally:
            batch.end()
    return batch.table


class _Batch:
    """All takes of a batch while it runs."""

    def __init__(self, folder: Path, request: BatchRequest, listener: Listener | None) -> None:
        self.message = ""
        self._folder, self._request, self._listener = folder, request, listener
        self._home = Path(request.takes_folder) if request.takes_folder else folder
        self._takes = [TakeInWork(wanted, self._home / wanted.name, request) for wanted in request.takes]
        self._by_name: dict[str, TakeInWork] = {}
        earlier = read_table(folder)
        rows_before = {row.name: row for row in earlier.takes} if earlier else {}
        for take in self._takes:
            take.remember(rows_before.get(take.wanted.name))
            if self._by_name.setdefault(take.wanted.name, take) is not take:
                take.show(DOUBLED)
        self._later = deque(take for take in self._takes if not take.is_over)
        self._begun: list[TakeInWork] = []
        self._in_hand: set[Task] = set()
        self._engine: Engine | None = None
        self._rows_before, self._began_s = self._rows(), time.monotonic()
        self._written_s = self._began_s
        self.table = BatchTable(self._rows_before)

    def work(self, open_engine: OpenEngine, stop: threading.Event) -> None:
        """Until all takes are over, or somebody wishes to stop. The engine is closed in any case."""
        self._tell()
        if not self._is_unfinished:
            return
        wanted = tuple(take.wanted for take in self._later)
        self._engine = engine = open_engine(self._folder, replace(self._request, takes=wanted))
        try:
            while self._is_unfinished and not stop.is_set() and not (self._folder / CANCEL).exists():
                for task in self._next_tasks(engine.slots + IN_HAND - len(self._in_hand)):
                    self._in_hand.add(task)
                    engine.start(task)
                for ended in engine.wait(WAIT_S):
                    self._end(ended)
                for told in engine.told():
                    self._by_name[told.task.take].hear(told)
                if time.monotonic() - self._written_s >= max(WAIT_S, len(self._takes) * PAUSE_FOR_EACH_S):
                    self._tell()
        finally:
            engine.close()

    def end(self) -> None:
        """What is not finished is marked so, the table says that nobody works any more, and the report is written."""
        rows = tuple(row if row.state in (DONE, FAILED) else replace(row, state=CANCELLED, stage="")
                     for row in self._rows())  # fmt: skip
        left = UNKNOWN if any(row.state == CANCELLED for row in rows) else 0.0
        self.table = replace(self._table(), takes=rows, running=False, left_s=left)
        _patiently(lambda: self.table.write(self._folder))
        with contextlib.suppress(OSError):
            remove(self._folder / CANCEL)
        try:
            if self._engine or not self._is_unfinished:   # else nothing could be begun, and there is nothing to report
                write_report(self._folder, self.table, self._home)
        finally:
            if self._listener:
                self._listener(self.table)

    @property
    def _is_unfinished(self) -> bool:
        return bool(self._later) or any(not take.is_over for take in self._begun)

    def _next_tasks(self, count: int) -> Iterator[Task]:
        """Those of takes that come first, so that the first results come early and little is half done."""
        self._begun = [take for take in self._begun if not take.is_over]
        for place in itertools.count():
            if count <= 0 or (place == len(self._begun) and not self._later):
                return
            if place == len(self._begun):
                self._begun.append(self._later.popleft())
            take, may_make = self._begun[place], place == 0 or not self._waits_for_actor
            while count > 0 and (task := take.next_task(may_make)):
                count -= 1
                yield task
            self._look_at_failure(take)

    @property
    def _waits_for_actor(self) -> bool:
        """Until one is made, each take may be the one from which others know the actor: they go in their order."""
        names_actor = bool(self._request.actor_folder) and _actor_in(self._request.settings)
        return names_actor and all(take.row.state != DONE for take in self._takes)

    def _end(self, ended: Ended) -> None:
        task, outcome = ended.task, ended.outcome
        self._in_hand.discard(task)
        log.info("%s of %s: %.1f s on %s", task.kind, task.take, ended.seconds, ended.machine or "a lost worker")
        if isinstance(outcome, Failure):
            log.warning("%s failed (%s): %s", task.take, outcome.code, outcome.sentence)
        take = self._by_name[task.take]
        take.end(ended)
        self._look_at_failure(take)

    def _look_at_failure(self, take: TakeInWork) -> None:
        """Raises Refusal for a full disk, which would cost all takes; machines that get all sent have their own."""
        failure = take.failure
        if failure and failure.code == "disk-full" and not self._request.ship:
            raise Refusal(failure.code, failure.sentence, failure.mend)

    def _rows(self) -> tuple[TakeRow, ...]:
        return tuple(take.row for take in self._takes)

    def _table(self) -> BatchTable:
        rows = self._rows()
        left = left_s(self._rows_before, rows, time.monotonic() - self._began_s) if self._engine else UNKNOWN
        return BatchTable(rows, True, left, self._engine.slots if self._engine else 0,
                          self._engine.where if self._engine else "", self.message)  # fmt: skip

    def _tell(self) -> None:
        """A table that cannot be written just now is no reason to lose the work."""
        self.table = self._table()
        try:
            self.table.write(self._folder)
        except Refusal as refusal:
            log.warning("%s", refusal.sentence)
        if self._listener:
            self._listener(self.table)
        self._written_s = time.monotonic()


def _actor_in(settings: dict) -> bool:
    body = settings.get("body")
    return isinstance(body, dict) and bool(body.get("actor"))


def _patiently(write: Callable[[], None]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            return write()
        except Refusal as refusal:
            if refusal.code == "disk-full" or time.monotonic() > deadline_s:
                raise
            time.sleep(WAIT_S)
