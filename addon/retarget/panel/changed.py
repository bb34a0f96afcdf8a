"""Who wants to know when the artist changes something about retargeting: what remembers it, and the preview."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import bpy

listeners: list[Callable[[bpy.types.Scene], None]] = []
_is_quiet = False


def tell(scene: bpy.types.Scene) -> None:
    """Call every listener, unless what changes is only being shown."""
    if not _is_quiet:
        for listener in listeners:
            listener(scene)


@contextmanager
def quietly() -> Iterator[None]:
    """Nobody is told of changes meanwhile."""
    global _is_quiet
    before, _is_quiet = _is_quiet, True
    try:
        yield
    finally:
        _is_quiet = before
