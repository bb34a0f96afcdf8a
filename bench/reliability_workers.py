"""Processes that try damaged files, and a watch that ends one that hangs and goes on behind that file."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from bench.reliability_memory import bound_addresses, peak_mb
from bench.reliability_reader import TOO_LARGE, Part, Tried

SILENCE_S = 300.0    # by the clock, to make and read a file where others work; of the processor it has far less
START_S = 300.0      # for a process to import all readers, on a machine that is busy
Try = Callable[..., Iterator[Tried]]


@dataclass
class Worker:
    """One process, the part that it works on, and when it last said something."""

    number: int
    folder: Path
    attempt: Try
    part: Part | None = None
    heard_s: float = field(default_factory=time.monotonic)
    is_ready: bool = False

    def __post_init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, end = context.Pipe()
        self.process = context.Process(target=_work, args=(end, str(self.folder), self.attempt), daemon=True)
        self.process.start()
        end.close()

    def give(self, part: Part | None) -> None:
        self.part, self.heard_s = part, time.monotonic()
        self.pipe.send(part)

    @property
    def hangs(self) -> bool:
        return time.monotonic() - self.heard_s > (SILENCE_S if self.is_ready else START_S)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def by_workers(
    parts: Sequence[Part], folder: Path, attempt: Try, count: int | None = None
) -> Iterator[tuple[Part, Tried]]:  # fmt: skip
    """What became of every file of the parts, in any order; `attempt` is what a process does with a part."""
    left = list(reversed(parts))
    workers = [_hired(number, folder, attempt) for number in range(count or min(os.cpu_count() or 1, 8))]
    try:
        while left or any(worker.part for worker in workers):
            for place, worker in enumerate(workers):
                yield from _heard(worker)
                if _is_lost(worker):
                    yield from _given_up(worker, left)
                    workers[place] = worker = _hired(worker.number, folder, attempt)
                if worker.is_ready and worker.part is None and left:
                    worker.give(left.pop())
            wait([worker.pipe for worker in workers], timeout=0.2)
    finally:
        for worker in workers:
            worker.end()


def _hired(number: int, folder: Path, attempt: Try) -> Worker:
    own = folder / f"worker_{number}"
    own.mkdir(exist_ok=True)
    return Worker(number, own, attempt)


def _heard(worker: Worker) -> Iterator[tuple[Part, Tried]]:
    """What a process said meanwhile; its part becomes what is left of it."""
    with contextlib.suppress(EOFError, OSError):
        while worker.pipe.poll():
            said = worker.pipe.recv()
            worker.heard_s, worker.is_ready = time.monotonic(), True
            if isinstance(said, Tried):
                assert worker.part is not None
                yield worker.part, said
                worker.part = replace(worker.part, first=said.number + 1)
            elif said == "done":
                worker.part = None


def _is_lost(worker: Worker) -> bool:
    return (worker.hangs and (worker.part is not None or not worker.is_ready)) or not worker.process.is_alive()


def _given_up(worker: Worker, left: list[Part]) -> Iterator[tuple[Part, Tried]]:
    """Ends a process that hangs or has died; the file that it was at has failed, unless it left after the last one."""
    is_dead = not worker.process.is_alive()
    if is_dead:
        yield from _heard(worker)
    code = worker.process.exitcode
    worker.end()
    if not worker.is_ready:
        raise RuntimeError("A process that tries damaged files did not start.")
    part = worker.part
    if part is None:
        return
    if not is_dead or code != _LEFT:
        why = f"the process died with code {code}" if is_dead else f"no answer within {SILENCE_S:.0f} s"
        yield part, Tried(part.first, why, "see the file by --keep", 1000.0 * SILENCE_S)
        part = replace(part, first=part.first + 1)
    if part.first < part.end:
        left.append(part)


_LEFT = 77     # exit code of a process that leaves because its memory has grown


def _work(pipe: Connection, folder: str, attempt: Try) -> None:
    """In the process: tries parts until there are none."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    logging.disable(logging.CRITICAL)     # what readers log of damaged files
    at_first: Any = peak_mb()
    bound_addresses()
    pipe.send("ready")
    while (part := pipe.recv()) is not None:
        for one in attempt(part, Path(folder), at_first):
            pipe.send(one)
            if one.kind == TOO_LARGE:
                os._exit(_LEFT)     # its memory can no longer tell of the next file
        pipe.send("done")
