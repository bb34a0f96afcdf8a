"""Progress of work that can be counted: one line that is written over, or a line now and then without a screen."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

from backend.command_line.progress_line import ERASE_LINE, FEWEST_SECONDS

_EVERY_S = 30.0   # without a screen
_FEWEST = 10      # before that many are done, their speed says nothing about the rest


class CountLine:
    """Shows how much of `total` is done on `stream`, with the time left."""

    def __init__(self, stream: TextIO, title: str, total: int) -> None:
        self._stream, self._title, self._total = stream, title, total
        self._on_screen = stream.isatty()
        self._began_s = self._shown_s = time.monotonic()

    def __enter__(self) -> CountLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._on_screen:
            self._write(ERASE_LINE)

    def show(self, done: int, what: str = "") -> None:
        """`done` of the total are ready, `what` the last of them."""
        now_s = time.monotonic()
        words = count_words(self._title, done, self._total, now_s - self._began_s)
        if self._on_screen:
            width = shutil.get_terminal_size().columns - 1
            self._write(ERASE_LINE + f"{words}  {what}"[:width])
        elif now_s - self._shown_s > _EVERY_S:
            self._shown_s = now_s
            self._write(words + "\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def count_words(title: str, done: int, total: int, spent_s: float) -> str:
    """Such as "Preparing: 12 of 48, 1:03 left"; the time only when it can be told."""
    words = f"{title}: {done:,} of {total:,}"
    if done < _FEWEST or spent_s < FEWEST_SECONDS:
        return words
    left_s = round(spent_s * (total - done) / done)
    return f"{words}, {left_s // 60}:{left_s % 60:02d} left"
