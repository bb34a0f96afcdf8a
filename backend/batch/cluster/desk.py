"""Where a cluster's workers say how far they are: an actor beside the driver."""

from __future__ import annotations

import contextlib
from typing import Any

from backend.batch.task import Task, Told


class Desk:
    """Keeps the last word of each task until the driver asks."""

    def __init__(self) -> None:
        self._told: dict[Task, Told] = {}

    def tell(self, told: Told) -> None:
        self._told[told.task] = told

    def take(self) -> list[Told]:
        told, self._told = list(self._told.values()), {}
        return told


def say_at(desk: Any, told: Told) -> None:
    """`desk` is the actor's handle. Nobody waits for it, and a lost word of progress is no reason to lose the work."""
    with contextlib.suppress(Exception):
        desk.tell.remote(told)
