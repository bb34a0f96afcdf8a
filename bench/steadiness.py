"""How steady a motion stands where the truth stands still."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array
from motion.filters import gaussian_smoothed
from motion.runs import runs

STILL_M_S = 0.03               # a slower point of the truth rests
LEAST_STILL_S = 0.5            # shorter rests show no swim
SWIM_HZ = (0.3, 5.0)           # slower is drift, faster is jitter
_SMOOTHED_S = 0.05             # motion capture itself trembles by a millimetre a frame, which is 3 cm/s at 30 fps


def swim_mm(points_world: Array, truth_world: Array, rate: float) -> float | None:
    """Root mean square distance of points [T, P, 3] m from their places, in the band SWIM_HZ, while the truth rests.

    Each stretch of at least LEAST_STILL_S in which a true point stays under STILL_M_S is split into cosines of its
    own (DCT-II), so that nothing leaks in from the motion around it; those within the band are kept. Frames of all
    stretches count alike. None where nothing rests. Give the truth as both for the truth's own.
    """
    squares, frames = 0.0, 0
    for point, start, end in still_stretches(truth_world, rate):
        swim = _in_band(points_world[start:end, point], rate)
        squares, frames = squares + float(np.sum(swim**2)), frames + len(swim)
    return 1000.0 * float(np.sqrt(squares / frames)) if frames else None


def still_stretches(truth_world: Array, rate: float) -> list[tuple[int, int, int]]:
    """Point, first frame and the one after the last of each rest of truth_world [T, P, 3]."""
    smooth = gaussian_smoothed(truth_world, rate, _SMOOTHED_S)
    still = np.linalg.norm(np.gradient(smooth, axis=0), axis=-1) * rate < STILL_M_S
    return [(point, start, stop) for point, resting in enumerate(still.T) for start, stop in runs(resting)
            if stop - start >= LEAST_STILL_S * rate]  # fmt: skip


def _in_band(values: Array, rate: float) -> Array:
    """The part of values [N, 3] whose cosines of the stretch lie within SWIM_HZ."""
    count = len(values)
    order = np.arange(count)
    cosines = np.cos(np.pi / count * np.outer(order, order + 0.5)) * np.sqrt(2.0 / count)
    cycles_hz = 0.5 * order * rate / count
    kept = cosines[(cycles_hz >= SWIM_HZ[0]) & (cycles_hz <= SWIM_HZ[1]) & (order > 0)]
    return kept.T @ (kept @ values)
