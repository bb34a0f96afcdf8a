"""Stretches of frames."""

from __future__ import annotations

import numpy as np

from .arrays import Mask


def runs(flags: Mask) -> list[tuple[int, int]]:
    """Starts and stops (not included) of the stretches in which flags [T] are True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
