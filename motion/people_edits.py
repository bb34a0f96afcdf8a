"""What a user changes about who is who, as one text: "merge 1 3; drop 2; split 1 at 12.5; only 1; first 3".

The numbers are those of the people as they were found; nothing that is edited moves them. The parts behind a split get
the next numbers that are free.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .refusal import Refusal

PEOPLE_OF: dict[str, tuple[int, int]] = {   # how many people each verb may name, at least and at most
    "first": (1, 1),     # comes before all others
    "merge": (2, 1000),  # the others are the first one
    "split": (1, 1),     # is somebody else from `at_s` on
    "drop": (1, 1000),   # is left out
    "only": (1, 1000),   # everybody else is left out
}
_MEND = "Write merge 1 3, split 1 at 12.5, drop 2, only 1 or first 3, with ; between them."
_FORM = re.compile(r"(?P<verb>[a-z]+)(?P<people>(?: \d{1,6})+)(?: at (?P<at_s>\d{1,7}(?:\.\d{1,9})?))?")


@dataclass(frozen=True)
class Edit:
    """One change."""

    verb: str                   # one of PEOPLE_OF
    people: tuple[int, ...]     # their numbers, from 1
    at_s: float | None = None   # seconds of the take, of a split

    def __str__(self) -> str:
        moment = "" if self.at_s is None else f" at {self.at_s:.4f}".rstrip("0").rstrip(".")
        return f"{self.verb} {' '.join(map(str, self.people))}{moment}"


def read_edits(text: str) -> list[Edit]:
    """The changes that a text asks for, in its order. Raises Refusal "bad-edits" for a part that says none."""
    return [_read(part) for part in text.split(";") if part.strip()]


def edits_text(edits: Iterable[Edit]) -> str:
    """The text that read_edits() reads."""
    return "; ".join(map(str, edits))


def _read(part: str) -> Edit:
    words = " ".join(part.split())
    found = _FORM.fullmatch(words.lower())
    least, most = PEOPLE_OF.get(found["verb"], (1, 0)) if found else (1, 0)
    people = tuple(map(int, found["people"].split())) if found else ()
    is_split = bool(found) and found["verb"] == "split"
    if not found or not least <= len(people) <= most or is_split != bool(found["at_s"]):
        raise Refusal("bad-edits", f"\"{words[:40]}\" says nothing about people.", _MEND)
    return Edit(found["verb"], people, float(found["at_s"]) if is_split else None)
