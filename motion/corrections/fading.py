"""How far a word about one moment, or about a stretch, reaches: weights that fade twice differentiably."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array

REACH_S = 0.5   # how far a correction of one moment is felt on either side


def smooth_step(share: Array) -> Array:
    """From 0 at 0 to 1 at 1, first and second derivative zero at both; held outside."""
    u = np.clip(share, 0.0, 1.0)
    return np.clip(u**3 * (10.0 + u * (6.0 * u - 15.0)), 0.0, 1.0)   # rounding overshoots by 1e-15


def bumps(frames: int, keys: Sequence[int], reach: float) -> Array:
    """Weights [K, T] of keyed frames, rising: 1 at the own frame, 0 at other keys and farther than `reach` frames.

    Between two keys closer than the reach the weights add up to 1, so that whatever they carry is interpolated.
    """
    ends = [-np.inf, *keys, np.inf]
    at = np.arange(frames)
    weights = np.empty((len(keys), frames))
    for row, (before, key, after) in enumerate(zip(ends, keys, ends[2:])):
        extent = np.where(at < key, min(reach, key - before), min(reach, after - key))
        weights[row] = 1.0 - smooth_step(np.abs(at - key) / extent)
    return weights


def plateau(times_s: Array, from_s: float, to_s: float, fade_s: float) -> Array:
    """Weights [T]: 1 from one time to the other, fading to 0 within `fade_s` outside."""
    outside_s = np.maximum(np.maximum(from_s - times_s, times_s - to_s), 0.0)
    return 1.0 - smooth_step(outside_s / fade_s)
