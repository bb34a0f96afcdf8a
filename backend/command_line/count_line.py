"""Progress of work that can be counted: one line that is written over, or a line now and then without a screen."""

from __future__ import annotations

import time
from typing import TextIO

from backend.command_line.screen_line import ScreenLine
from backend.command_line.time_words import time_left

_EVERY_S = 30.0   # without a screen
_FEWEST = 10      # before that many are done, their speed says nothing about the rest


class CountLine(ScreenLine):
    """Shows how much of `total` is done on `stream`, with the time left."""

    def __init__(self, stream: TextIO, title: str, total: int) -> None:
        super().__init__(stream)
        self._title, self._total = title, total
        self._began_s = self._shown_s = time.monotonic()

    def show(self, done: int, what: str = "") -> None:
        """`done` of the total are ready, `what` the last of them."""
        now_s = time.monotonic()
        words = count_words(self._title, done, self._total, now_s - self._began_s)
        if self.on_screen:
            self.over(f"{words}  {what}")
        elif now_s - self._shown_s > _EVERY_S:
            self._shown_s = now_s
            self.stays(words)


def count_words(title: str, done: int, total: int, spent_s: float) -> str:
    """Such as "Preparing: 12 of 48, 1:03 left"; the time only when it can be told."""
    left = time_left(spent_s, done, total) if done >= _FEWEST else ""
    return ", ".join(filter(None, [f"{title}: {done:,} of {total:,}", left]))
