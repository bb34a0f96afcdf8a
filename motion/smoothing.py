"""Smoothing of whole motions: jitter goes, hits and footfalls stay, and nothing is late.

Whittaker smoothing (Eilers 2003: least squares with a penalty on second differences, alike a Butterworth filter run
both ways) whose time constant follows the motion: long at rest, short where something accelerates.
"""

from __future__ import annotations

import numpy as np

from .arrays import Array
from .filters import gaussian_smoothed
from .rotations import axis_angle_from_matrix, matrix_from_axis_angle

# Seconds over which is smoothed in full motion and at rest: gain 1 / (1 + (2 pi f tau)^4).
_FAST_S, _REST_S = 0.03, 0.4
# Accelerations half-way between the two.
_JOINTS_RAD_S2, _ROOT_M_S2 = 2.5, 0.6
_SEEN_S = 0.08     # accelerations are looked at through a Gaussian of this width, else noise would pass for motion,
_AROUND_S = 0.1    # and spread over their surroundings, since a punch does not accelerate in its middle


def smoothed_motion(
    R_parent_from_joint: Array, root: Array, rate: float, strength: float, impacts: Array | None = None
) -> tuple[Array, Array]:
    """R_parent_from_joint [T, J, 3, 3] and root [T, 3] m of any skeleton without their jitter.

    `rate` in frames a second; strength 0 changes nothing, 1 is as measured best. Motion at constant speed is kept as
    it is, and so are joints that never move. `impacts` [T], 0 to 1: where speeds may change at once.
    """
    R, root = np.array(R_parent_from_joint, dtype=np.float64), np.array(root, dtype=np.float64)
    if strength <= 0.0 or len(root) < 3:
        return R, root
    give = 1.0 if impacts is None else 1.0 - np.clip(impacts, 0.0, 1.0)[1:-1, None]
    moving = np.flatnonzero(np.any(R != R[:1], axis=(0, 2, 3)))
    if len(moving):
        R[:, moving] = _smoothed_turns(R[:, moving], rate, strength, give)
    accelerations = np.diff(root, 2, axis=0)[:, None]
    stiffness = give * _stiffness(_energy(accelerations, rate), _ROOT_M_S2, rate, strength)
    return R, root + _correction(accelerations, stiffness)[:, 0]


def _smoothed_turns(R: Array, rate: float, strength: float, give: Array | float) -> Array:
    """Joints R [T, J, 3, 3], each smoothed by turns about its own axes: the increments wrap at no angle."""
    steps = axis_angle_from_matrix(np.swapaxes(R[:-1], -1, -2) @ R[1:])
    accelerations = np.diff(steps, axis=0)
    energy = _energy(accelerations, rate)
    # A limb whose joints were smoothed apart would lose what one joint makes good of another: half is the body's.
    shared = np.sqrt(energy * energy.max(axis=1, keepdims=True))
    stiffness = give * _stiffness(shared, _JOINTS_RAD_S2, rate, strength)
    return R @ matrix_from_axis_angle(_correction(accelerations, stiffness))


def _energy(accelerations: Array, rate: float) -> Array:
    """[N, J] (rad/s^2)^2 or (m/s^2)^2 around each moment, of second differences [N, J, 3]."""
    seen = gaussian_smoothed(accelerations * rate**2, rate, _SEEN_S)
    return gaussian_smoothed(np.sum(seen**2, axis=-1), rate, _AROUND_S)


def _stiffness(energy: Array, middle: float, rate: float, strength: float) -> Array:
    """Weight of each second difference beside a measurement's 1."""
    seconds = _FAST_S + (_REST_S - _FAST_S) / (1.0 + energy / middle**2)
    return (strength * rate * seconds) ** 4


def _correction(accelerations: Array, stiffness: Array) -> Array:
    """d [T, J, 3] with the least |d_t|^2 + stiffness_t |accelerations_t + second difference of d at t|^2.

    accelerations [T-2, J, 3] and stiffness [T-2, J] of the moments between the first and the last.
    """
    frames = len(accelerations) + 2
    bands = np.zeros((3, frames, stiffness.shape[1]))      # the diagonal and the two below it
    right = np.zeros((frames, *accelerations.shape[1:]))
    coefficients = (1.0, -2.0, 1.0)
    for i, first in enumerate(coefficients):
        right[i : i + frames - 2] -= first * stiffness[..., None] * accelerations
        for j, second in enumerate(coefficients[: i + 1]):
            bands[i - j, j : j + frames - 2] += first * second * stiffness
    bands[0] += 1.0
    return _solve_five_bands(bands, right)


def _solve_five_bands(bands: Array, right: Array) -> Array:
    """x [T, J, 3] of J symmetric positive definite systems, T at least 3, side by side by L D L^T.

    bands [3, T, J]: bands[k, t] couples frame t + k with t; right [T, J, 3]. Changes both.
    """
    diagonal, first, second = bands
    x = right
    for t in range(len(x) - 1):
        near = first[t] / diagonal[t]
        diagonal[t + 1] -= near * first[t]
        x[t + 1] -= near[:, None] * x[t]
        if t + 2 < len(x):
            far = second[t] / diagonal[t]
            first[t + 1] -= near * second[t]
            diagonal[t + 2] -= far * second[t]
            x[t + 2] -= far[:, None] * x[t]
            second[t] = far
        first[t] = near
    x /= diagonal[..., None]
    x[-2] -= first[-2][:, None] * x[-1]
    for t in range(len(x) - 3, -1, -1):
        x[t] -= first[t][:, None] * x[t + 1] + second[t][:, None] * x[t + 2]
    return x
