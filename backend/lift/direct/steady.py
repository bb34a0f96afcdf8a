"""What one frame cannot tell, its neighbours can: twists, hands and feet held steady over time."""

from __future__ import annotations

import numpy as np

from backend.lift.direct.evidence import Evidence
from motion.arrays import Array
from motion.rotations import nearest_rotation

# A limb that is nearly straight says little of its twist in one frame, more in a fifth of a second.
_TWIST_SMOOTHING_S = 0.12
_END_SMOOTHING_S = 0.10    # of hands and feet


def steady_axis(
    evidence: Evidence, direction: Array, untwisted: Array, *weighted_axes: tuple[Array, Array]
) -> Array:
    """One axis [S, 3] square to `direction` [S, 3] out of several [S, 3] with weights [S], steady over time.

    `untwisted` [S, 3], square to `direction` too, is where the axis lies without any twist. The twist is averaged over
    time as a point in the plane (weight and angle), so that neighbouring frames never choose opposite solutions.
    """
    across = np.cross(direction, untwisted)
    plane = np.stack([untwisted, across], axis=1)                                       # [S, 2, 3]
    total = sum(weight[:, None] * _unit(np.einsum("sai,si->sa", plane, axis)) for axis, weight in weighted_axes)
    twist = _unit(evidence.smoothed(total, _TWIST_SMOOTHING_S))
    return np.einsum("sa,sai->si", twist, plane)


def steady_rotation(evidence: Evidence, R: Array, certainty: Array, rest_weight: float) -> Array:
    """Rotations R [S, 3, 3] averaged over time by certainty [S], with `rest_weight` of no rotation at all.

    The mean is that of the matrices, brought back to the nearest rotation: an end of a limb seen the wrong way round
    for a frame or two is outvoted instead of turning over.
    """
    mean = evidence.smoothed(certainty[:, None, None] * R, _END_SMOOTHING_S)
    return nearest_rotation(mean + rest_weight * np.eye(3))


def _unit(v: Array) -> Array:
    length = np.linalg.norm(v, axis=-1, keepdims=True)
    return v / np.where(length > 1e-12, length, 1.0)
