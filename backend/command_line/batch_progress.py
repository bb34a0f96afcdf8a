"""The progress of a batch for people: a line for each take that ends, and one for the whole that is written over."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

from backend.command_line.progress_line import ERASE_LINE
from motion.batch.words import DONE, FAILED, WORKING, BatchTable, TakeRow

_EVERY_S = 60.0   # between two lines of the whole without a screen


class BatchProgress:
    """Shows the tables of one run on `stream`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._on_screen = stream.isatty()
        self._told: set[str] | None = None   # takes of which the end was told, or that were over before
        self._message = ""
        self._has_begun = False   # a worker has told something
        self._shown_s = time.monotonic()

    def __enter__(self) -> BatchProgress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._on_screen:
            self._write(ERASE_LINE)

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
        if self._on_screen:
            self._write(ERASE_LINE + words[: shutil.get_terminal_size().columns - 1])
        elif time.monotonic() - self._shown_s > _EVERY_S:
            self._shown_s = time.monotonic()
            self._write(words + "\n")

    def _say(self, *lines: str) -> None:
        for line in lines:
            self._write(f"{ERASE_LINE if self._on_screen else ''}{line}\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


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


def clock(seconds: float) -> str:
    """Such as 0:07 or 1:03:20."""
    minutes, rest_s = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest_s:02d}" if minutes >= 60 else f"{minutes}:{rest_s:02d}"


def counted(count: int, one: str, several: str) -> str:
    """Such as 1 take or 1,200 takes."""
    return f"{count:,} {one if count == 1 else several}"


def _before(table: BatchTable) -> list[str]:
    counts = table.counts
    done = [f"{counted(counts[DONE], 'take is', 'takes are')} there already."] if counts[DONE] else []
    failed = [f"{counted(counts[FAILED], 'take has', 'takes have')} failed before; --retry captures them again."]
    return done + (failed if counts[FAILED] else [])
