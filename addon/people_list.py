"""Everybody who was found in a capture, as its result tells it. Knows nothing of Blender."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..motion.job import CACHE, RESULT, Result, read_result
from .people_changes import name_of


@dataclass(frozen=True)
class Listed:
    """One of them."""

    number: int
    first_s: float
    last_s: float
    picture: Path | None   # None where there is none
    why_left_out: str      # in words, empty for whoever is in the take

    @property
    def name(self) -> str:
        return name_of(self.number)

    @property
    def time_seen(self) -> str:
        return f"{self.first_s:.1f} to {self.last_s:.1f} s"


def everybody_in(job: Path) -> list[Listed]:
    """The people of the take in its order, then those left out; nobody for a result of an older backend."""
    result = result_of(job)
    inside = [Listed(p.number, p.first_s, p.last_s, _picture(job, p.thumbnail), "") for p in result.people if p.number]
    outside = [Listed(p.number, p.first_s, p.last_s, _picture(job, p.thumbnail), _why(p.why)) for p in result.left_out]
    return inside + outside


def numbers_by_folder(job: Path) -> dict[str, int]:
    """The number of each person of the take by the name of the folder with the motion."""
    return {person.folder: person.number for person in result_of(job).people if person.number}


def keeps_detections(job: Path) -> bool:
    """Whether people need not be looked for again when their edits change."""
    return any((job / CACHE).glob("detect-*.npz"))


_read: tuple[tuple[Path, int], Result] | None = None   # the last one: panels ask at every drawing


def result_of(job: Path) -> Result:
    """The result of a capture, one without people where there is none."""
    global _read
    try:
        stamp = (job, (job / RESULT).stat().st_mtime_ns)
    except OSError:
        return Result(())
    if _read is None or _read[0] != stamp:
        _read = stamp, read_result(job) or Result(())
    return _read[1]


def _picture(job: Path, path: str) -> Path | None:
    return job / path if path else None


def _why(word: str) -> str:
    kind, _, number = word.rpartition(" ")
    return f"{kind.capitalize()} {name_of(int(number))}" if kind and number.isdecimal() else word.capitalize()
