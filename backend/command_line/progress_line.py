"""Progress for people: one line that is written over, or a line per stage where there is no screen."""

from __future__ import annotations

import shutil
from typing import TextIO

from motion.job import Event

ERASE_LINE = "\r\x1b[K"
FEWEST_SECONDS = 2.0   # before that, a stage's speed says nothing about its end


class ProgressLine:
    """Shows the events of one run on `stream`."""

    def __init__(self, stream: TextIO, title: str) -> None:
        self._stream = stream
        self._title = title
        self._on_screen = stream.isatty()
        self._stage = self._doing = ""
        self._stage_began_s = 0.0

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._on_screen:
            self._write(ERASE_LINE)

    def show(self, event: Event) -> None:
        """Show one event."""
        if event.stage != self._stage:
            self._stage, self._stage_began_s = event.stage, event.seconds
        is_new = event.doing != self._doing
        self._doing = event.doing
        if event.message:
            whose = "" if self._title in event.message else f"{self._title}: "
            self._write(f"{ERASE_LINE if self._on_screen else ''}{whose}{event.message}\n")
        if self._on_screen:
            width = shutil.get_terminal_size().columns - 1
            self._write(ERASE_LINE + self._words(event)[:width])
        elif is_new:
            self._write(f"{self._title}: {event.doing}\n")

    def _words(self, event: Event) -> str:
        share = f" {100 * event.done // event.of} %" if event.of else ""
        return f"{self._title}: {event.doing}{share}{self._time_left(event)}"

    def _time_left(self, event: Event) -> str:
        spent_s = event.seconds - self._stage_began_s
        if not event.of or not event.done or spent_s < FEWEST_SECONDS:
            return ""
        left_s = round(spent_s * (event.of - event.done) / event.done)
        return f", {left_s // 60}:{left_s % 60:02d} left"

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
