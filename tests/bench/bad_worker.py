"""What a process that tries damaged files may do at its worst."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.reliability_reader import ACCEPTED, TOO_LARGE, Part, Tried


def badly(part: Part, folder: Path, peak_before: float | None = None) -> Iterator[Tried]:
    """Dies at 2, and is too large at 4."""
    for number in range(part.first, part.end):
        if number == 2:
            raise SystemExit(3)
        yield Tried(number, TOO_LARGE if number == 4 else ACCEPTED, "none", 1.0)
