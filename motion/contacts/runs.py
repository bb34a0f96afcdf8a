"""Stretches of frames."""

from __future__ import annotations

import numpy as np

from ..arrays import Mask


def runs(mask: Mask) -> list[tuple[int, int]]:
    """First index and end of every run of True in a mask [T]."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
