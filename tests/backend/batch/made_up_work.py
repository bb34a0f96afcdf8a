"""Tasks of a batch without footage: what they would leave in the job folder, and every way to fail."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from backend.batch.task import Ended, Finished, Opened, Outcome, Task, Tell, Told
from motion.batch.words import BatchRequest, WantedTake
from motion.job import Failure, PersonResult, Result
from motion.refusal import Refusal

PICTURES = ((60, 66), (40,))   # of a take's clips, by segment
LOST = Failure("worker-lost", "The process that worked on this take died 3 times.", "Look why.")


def batch_of(folder: Path, names: Sequence[str], **asked: object) -> BatchRequest:
    folder.mkdir(exist_ok=True)
    request = BatchRequest(tuple(WantedTake(name, (f"/footage/{name}.mp4",)) for name in names), **asked)   # type: ignore[arg-type]
    request.write(folder)
    return request


def well(task: Task, pictures: tuple[tuple[int, ...], ...] = PICTURES) -> Outcome:
    """A task that ends as it should. What it did is written down in the job's file `did`."""
    with open(Path(task.job) / "did", "a") as stream:
        stream.write(f"{task.kind}\n")
    if task.kind == "open":
        return Opened(pictures)
    if task.kind == "make":
        result = Result((PersonResult("person_00", 24, 1.0, 24.0, 3.2, 1.0),))
        result.write(Path(task.job))
        return result
    return Finished()


def did(job: Path) -> list[str]:
    """What tasks were done to their end in a job folder, in their order."""
    return (job / "did").read_text().split() if (job / "did").exists() else []


@dataclass
class MadeUpEngine:
    """Does tasks in this process, in an order that `rng` draws among those that have a slot."""

    do: Callable[[Task], Outcome] = well
    slots: int = 3
    where: str = "nowhere"
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(5))
    given: list[Task] = field(default_factory=list)
    closed: bool = False
    _queue: deque[Task] = field(default_factory=deque)
    _told: list[Told] = field(default_factory=list)

    def start(self, task: Task) -> None:
        assert not self.closed and task not in self._queue
        self.given.append(task)
        self._queue.append(task)

    def wait(self, timeout_s: float) -> list[Ended]:
        if not self._queue:
            time.sleep(timeout_s)
            return []
        number = int(self.rng.integers(min(self.slots, len(self._queue))))
        task = self._queue[number]
        del self._queue[number]
        self._told = [Told(each, "detect", 3, 10, 1) for each in (task, *self._queue)]
        return [Ended(task, self.do(task), 0.5, self.where)]

    def told(self) -> list[Told]:
        told, self._told = self._told, []
        return told

    def close(self) -> None:
        self.closed = True


def quick(task: Task, tell: Tell, stop: threading.Event) -> Outcome:
    """For workers that are processes."""
    tell("detect", 1, 2, 1)
    return well(task)


def slow(task: Task, tell: Tell, stop: threading.Event) -> Outcome:
    """For ever, in a process whose number is written down; no wish to stop is heard."""
    Path(task.job, f"process_{os.getpid()}").touch()
    while True:
        time.sleep(0.1)


def deadly(task: Task, tell: Tell, stop: threading.Event) -> Outcome:
    """The process dies in the first segment as often as the take's name says, then works."""
    if (task.kind, task.clip, task.segment) != ("detect", 0, 0):
        return well(task)
    tries = Path(task.job) / "tries"
    count = int(tries.read_text()) + 1 if tries.exists() else 1
    tries.write_text(str(count))
    if count <= int(task.take.split()[-1]):
        kill_myself()
    return well(task)


def kill_myself() -> None:
    """As the system does when memory runs out."""
    if sys.platform == "win32":
        os._exit(137)
    os.kill(os.getpid(), signal.SIGKILL)


def dying_afterwards(task: Task, tell: Tell, stop: threading.Event) -> Outcome:
    """The task is done, and its process dies a moment later, when it is free."""
    threading.Timer(0.2, kill_myself).start()
    return well(task)


def broken(task: Task, tell: Tell, stop: threading.Event) -> Outcome:
    os.write(1, b"said by a library\n")
    raise RuntimeError("a bug")


def refusing(task: Task, tell: Tell, stop: threading.Event) -> Outcome:
    raise Refusal("no-model", "A model is missing.", "Install it.")
