"""The pieces of work that a batch is cut into, small enough to be lost and done again on another worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from motion.job import Failure, Result

Kind = Literal["open", "detect", "camera", "make"]
Tell = Callable[[str, int, int, int], None]   # tell(stage, done, of, people), as backend/progress.py: Report
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Needs:
    """What a task needs of the machine that does it. What it computes does not depend on how much it gets."""

    threads: int = 1
    memory_bytes: int = 1500 * MEBIBYTE
    gpu_share: float = 0.0   # of one graphics card, where the capture's device is one


@dataclass(frozen=True)
class Task:
    """One stage of one clip or take. Its results are files in the job folder, the same whoever does it how often."""

    take: str
    job: str            # folder of the take's job, with its request in it
    kind: Kind          # open all clips; detect a segment of one; follow people and camera in one; make the take
    needs: Needs
    clip: int = 0       # which of the take's, for "detect" and "camera"
    segment: int = 0    # which of the clip's, for "detect"


@dataclass(frozen=True)
class Opened:
    """What there is to do for a take: pictures to look at by clip and segment."""

    pictures: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Finished:
    """A detect or camera task has left its files in the job's cache."""


Outcome = Opened | Finished | Result | Failure


@dataclass(frozen=True)
class Ended:
    """A task that is over."""

    task: Task
    outcome: Outcome
    seconds: float = 0.0    # of work, without waiting
    machine: str = ""       # that did it, for the log


@dataclass(frozen=True)
class Told:
    """How far a task is that still works."""

    task: Task
    stage: str
    done: int
    of: int
    people: int
