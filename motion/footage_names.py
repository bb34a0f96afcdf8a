"""What names of files say of footage: films, and pictures that are one sequence."""

from __future__ import annotations

import re

FILMS = (
    ".mp4", ".mov", ".m4v", ".mkv", ".avi", ".webm", ".mts", ".m2ts", ".mxf", ".mpg", ".mpeg", ".3gp", ".wmv", ".ogv",
)  # fmt: skip
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
_NUMBER_AT_END = re.compile(r"\d+$", re.ASCII)


def picture_number(stem: str) -> int | None:
    """The number that a name without its ending ends with: 12 of shot_0012."""
    found = _NUMBER_AT_END.search(stem)
    return int(found[0]) if found else None


def sequence_name(stem: str) -> str:
    """The name without its number, which all pictures of a sequence share; empty where there is no number."""
    found = _NUMBER_AT_END.search(stem)
    return stem[: found.start()] if found else ""
