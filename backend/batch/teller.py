"""A task's progress, passed on now and then: a task tells at every picture, and most of it nobody would see."""

from __future__ import annotations

import time
from collections.abc import Callable

from backend.batch.task import Task, Tell, Told

TELL_EVERY_S = 0.5   # at most


def teller(task: Task, say: Callable[[Told], None]) -> Tell:
    """What a task calls with its progress; `say` gets the words that are passed on."""
    said_s = -TELL_EVERY_S

    def tell(stage: str, done: int, of: int, people: int) -> None:
        nonlocal said_s
        if time.monotonic() - said_s >= TELL_EVERY_S:
            said_s = time.monotonic()
            say(Told(task, stage, done, of, people))

    return tell
