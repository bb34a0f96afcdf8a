"""Where a cluster's workers say how far they are: an actor beside the driver."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from backend.batch.task import Task, Tell, Told

TELL_EVERY_S = 0.5   # a task's words, at most


class Desk:
    """Keeps the last word of each task until the driver asks."""

    def __init__(self) -> None:
        self._told: dict[Task, Told] = {}

    def tell(self, told: Told) -> None:
        self._told[told.task] = told

    def take(self) -> list[Told]:
        told, self._told = list(self._told.values()), {}
        return told


def teller(task: Task, desk: Any) -> Tell:
    """What a task calls with its progress; `desk` is the actor's handle. Nobody waits for it."""
    said_s = -TELL_EVERY_S

    def tell(stage: str, done: int, of: int, people: int) -> None:
        nonlocal said_s
        if time.monotonic() - said_s >= TELL_EVERY_S:
            said_s = time.monotonic()
            with contextlib.suppress(Exception):   # a lost word of progress is no reason to lose the work
                desk.tell.remote(Told(task, stage, done, of, people))

    return tell
