"""Progress for people: one line that is written over, or a line per stage where there is no screen."""

from __future__ import annotations

from typing import TextIO

from backend.command_line.screen_line import ScreenLine
from backend.command_line.time_words import time_left
from motion.job import Event


class ProgressLine(ScreenLine):
    """Shows the events of one run on `stream`."""

    def __init__(self, stream: TextIO, title: str) -> None:
        super().__init__(stream)
        self._title = title
        self._stage = self._doing = ""
        self._stage_began_s = 0.0

    def show(self, event: Event) -> None:
        """Show one event."""
        if event.stage != self._stage:
            self._stage, self._stage_began_s = event.stage, event.seconds
        is_new = event.doing != self._doing
        self._doing = event.doing
        if event.message:
            whose = "" if self._title in event.message else f"{self._title}: "
            self.stays(f"{whose}{event.message}")
        if self.on_screen:
            self.over(self._words(event))
        elif is_new:
            self.stays(f"{self._title}: {event.doing}")

    def _words(self, event: Event) -> str:
        share = f" {100 * event.done // event.of} %" if event.of else ""
        left = time_left(event.seconds - self._stage_began_s, event.done, event.of)
        return ", ".join(filter(None, [f"{self._title}: {event.doing}{share}", left]))
