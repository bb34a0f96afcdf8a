"""The progress of a batch for people: a line for each take that ends, and one for the whole that is written over."""

from __future__ import annotations

import time
from typing import TextIO

from backend.command_line.screen_line import ScreenLine
from backend.command_line.time_words import clock
from motion.batch.words import DONE, FAILED, WORKING, BatchTable, TakeRow

_EVERY_S = 60.0   # between two lines of the whole without a screen


class BatchProgress(ScreenLine):
    """Shows the tables of one run on `stream`."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._told: set[str] | None = None   # takes of which the end was told, or that were over before
        self._message = ""
        self._has_begun = False   # a worker has told something
        self._shown_s = time.monotonic()

    def show(self, table: BatchTable) -> None:
        """Show how far a batch is. The first table says what was there before."""
        over = {row.name: row for row in table.takes if row.state in (DONE, FAILED)}
        if self._told is None:
            self._told = set(over)
            self._say(*_before(table))
        self._has_begun |= any(row.of for row in table.takes if row.state == WORKING) or len(over) > len(self._told)
        self._say(*(take_words(row) for name, row in over.items() if name not in self._told))
        self._told |= set(over)
        if table.running and table.message != self._message:   # the last one's is told by who asked for the batch
            self._message = table.message
            self._say(*filter(None, [table.message]))
        self._show_whole(table)

    def _show_whole(self, table: BatchTable) -> None:
        is_starting = table.counts[WORKING] > 0 and not self._has_begun
        words = "Starting the workers" if is_starting else whole_words(table)
        if self.on_screen:
            self.over(words)
        elif time.monotonic() - self._shown_s > _EVERY_S:
            self._shown_s = time.monotonic()
            self.stays(words)

    def _say(self, *lines: str) -> None:
        for line in lines:
            self.stays(line)


def take_words(row: TakeRow) -> str:
    """How a take ended, such as "walk: done, 2 people, 240 frames, good"."""
    if row.state == FAILED:
        return f"{row.name}: failed. {row.sentence} {row.mend}"
    people, frames = counted(row.people, "person", "people"), counted(row.frames, "frame", "frames")
    return ", ".join(filter(None, [f"{row.name}: done", people, frames, row.grade, row.note]))


def whole_words(table: BatchTable) -> str:
    """Such as "12 of 40 takes, 31 %, 1:03:20 left, 2 failed"."""
    counts = table.counts
    parts = [
        f"{counts[DONE] + counts[FAILED]:,} of {counted(len(table.takes), 'take', 'takes')}",
        f"{100 * table.share:.0f} %",
        f"{clock(table.left_s)} left" if table.left_s >= 0.0 else "",
        f"{counts[FAILED]:,} failed" if counts[FAILED] else "",
        f"{table.workers} at a time" if table.workers > 1 else "",
    ]
    return ", ".join(filter(None, parts))


def counted(count: int, one: str, several: str) -> str:
    """Such as 1 take or 1,200 takes."""
    return f"{count:,} {one if count == 1 else several}"


def _before(table: BatchTable) -> list[str]:
    counts = table.counts
    done = [f"{counted(counts[DONE], 'take is', 'takes are')} there already."] if counts[DONE] else []
    failed = [f"{counted(counts[FAILED], 'take has', 'takes have')} failed before; --retry captures them again."]
    return done + (failed if counts[FAILED] else [])
