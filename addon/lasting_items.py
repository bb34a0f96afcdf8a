"""Choices whose number stays the same whatever else is offered one day: blend files keep numbers, not names."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

_LARGEST = 0x3FFFFFFF   # Blender's numbers have a sign


def lasting_items(
    items: Iterable[tuple[str, str, str]], first: Sequence[str]
) -> list[tuple[str, str, str, str, int]]:  # fmt: skip
    """Items (identifier, title, note) of an EnumProperty. Those of `first` keep their places, others have numbers of
    their own made from the identifier."""
    return [(name, title, note, "NONE", first.index(name) if name in first else zlib.crc32(name.encode()) & _LARGEST)
            for name, title, note in items]  # fmt: skip
