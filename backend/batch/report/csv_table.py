"""A batch as a table for spreadsheet programs: a line for each person of each take, and one for a take without any."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from backend.batch.report.take_report import TakeReport
from motion.batch.words import STATES
from motion.quality.card import BOUNDS

Cell = str | int | float
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")   # wide letters too, which some programs take for these


def csv_text(takes: Sequence[TakeReport]) -> str:
    """All lines below their headers, as RFC 4180 has it."""
    rows = [row for take in takes for row in _rows(take)]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, restval="")
    writer.writeheader()
    writer.writerows({name: harmless(value) for name, value in row.items()} for row in rows)
    return stream.getvalue()


def harmless(value: Cell) -> Cell:
    """Text that a spreadsheet program would take for a formula, as text; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _rows(take: TakeReport) -> Iterator[Mapping[str, Cell]]:
    row = take.row
    about: dict[str, Cell] = {"take": row.name, "state": STATES[row.state], "clips": " | ".join(row.clips),
                              "people": row.people, "work s": round(row.seconds, 1)}  # fmt: skip
    end: dict[str, Cell] = {"sentence": take.sentence,
                            "warnings": " ".join(take.result.warnings) if take.result else ""}  # fmt: skip
    if not take.people:
        yield {**about, **_person(take, None), **end}
    for index in range(len(take.people)):
        yield {**about, **_person(take, index), **end}


def _person(take: TakeReport, index: int | None) -> dict[str, Cell]:
    """Figures of one person; empty cells under the same headers where there is none."""
    person = None if index is None else take.people[index]
    card = None if index is None else take.cards[index]
    lines: dict[str, Cell] = {f"{bound.label} {bound.unit}": "" for bound in BOUNDS.values()}
    figures: dict[str, Cell] = dict.fromkeys(("person", "folder", "grade", "frames", "first seen s", "last seen s",
                                              "reprojection px", "camera", "to check"), "")  # fmt: skip
    if person:
        error = person.reprojection_px
        figures |= {"person": person.number, "folder": person.folder, "frames": person.frames,
                    "first seen s": round(person.first_s, 3), "last seen s": round(person.last_s, 3),
                    "reprojection px": "" if error is None else round(error, 2)}  # fmt: skip
    if card:
        lines |= {f"{BOUNDS[name].label} {BOUNDS[name].unit}": round(card.values[name] or 0.0, 2)
                  for name in card.grades()}  # fmt: skip
        stretches = "; ".join(f"{each.from_s:.1f} to {each.to_s:.1f} s {each.why}" for each in card.check)
        figures |= {"grade": card.grade, "camera": card.camera, "to check": stretches}
    return figures | lines
