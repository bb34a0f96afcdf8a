"""Which points rest, told by their speed alone: good where the floor is not known yet."""

from __future__ import annotations

import numpy as np

from .arrays import Array
from .filters import gaussian_smoothed

_STILL_M_S = 0.35     # as likely as not; published still labels use 0.3 (0.01 m a frame at 30 frames a second)
_WIDTH_M_S = 0.10
_SMOOTHED_S = 0.05    # shorter than any stance, long enough for the detector's jitter


def still_probability(points: Array, rate: float) -> Array:
    """[T, P] how likely points [T, P, 3] m rest; the same in every frame that does not move."""
    if len(points) < 2:
        return np.ones(points.shape[:2])
    speed_m_s = np.linalg.norm(np.gradient(gaussian_smoothed(points, rate, _SMOOTHED_S), axis=0), axis=-1) * rate
    return 1.0 / (1.0 + np.exp(np.clip((speed_m_s - _STILL_M_S) / _WIDTH_M_S, -50.0, 50.0)))
