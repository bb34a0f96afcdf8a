"""The row of a take that is done, as its result tells it."""

from __future__ import annotations

from dataclasses import replace

from motion.batch.words import DONE, TakeRow
from motion.job import Result
from motion.quality.card import GRADES, card_from


def done_row(row: TakeRow, result: Result) -> TakeRow:
    """The take's row when its job folder, which has its name, holds this result."""
    first = result.people[0] if result.people else None
    grades = [card.grade for person in result.people if (card := card_from(person.quality))]
    return replace(
        row, state=DONE, stage="", done=row.of, people=len(result.people),
        frames=max((person.frames for person in result.people), default=0),
        grade=max(grades, key=GRADES.index, default=""),
        seconds=row.seconds or (first.seconds if first else 0.0), note=_note(result),
        thumbnail=f"{row.name}/{first.thumbnail}" if first and first.thumbnail else "",
    )  # fmt: skip


def _note(result: Result) -> str:
    used, count = sum(camera.used for camera in result.cameras), len(result.cameras)
    return f"{used} of {count} cameras used" if used < count else ""
