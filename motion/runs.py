"""Stretches of frames."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .arrays import Mask


def runs(flags: Mask) -> list[tuple[int, int]]:
    """Starts and stops (not included) of the stretches in which flags [T] are True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def in_turn(frames: int, at_once: int = 4096) -> Iterator[slice]:
    """All frames, some at a time: what is done with each by itself then takes the memory of some."""
    for start in range(0, frames, at_once):
        yield slice(start, min(start + at_once, frames))
