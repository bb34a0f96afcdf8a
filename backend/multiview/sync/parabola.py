"""Peaks finer than the rows in which they are seen."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array


def between(values: Array, best: int) -> float:
    """Where between rows the parabola through the best and its neighbours is highest, -0.5..0.5."""
    if not 0 < best < len(values) - 1:
        return 0.0
    before, there, after = values[best - 1 : best + 2]
    bend = before - 2.0 * there + after
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend < 0 else 0.0
