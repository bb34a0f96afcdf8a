"""Smoothing of whole motions: jitter goes, hits and footfalls stay, and nothing is late.

Whittaker smoothing (Eilers 2003: least squares with a penalty on third differences, alike a Butterworth filter run
both ways) whose time constant follows the motion: longer where it is calm, shorter where something accelerates. On
rendered_dev no single time constant, no Gaussian and no penalty on second differences left as little jitter at peaks
of kicks and punches as sharp; the constants move true wrists and ankles by 3.6 mm on average. Letting speeds change
at once where contacts begin left more jitter (9.9 instead of 7.1) and worse accelerations (6.3 instead of 6.0 m/s^2).
"""

from __future__ import annotations

import numpy as np

from .arrays import Array
from .filters import gaussian_smoothed
from .rotations import axis_angle_from_matrix, matrix_from_axis_angle
from .runs import in_turn

_ORDER = 3         # of the differences punished: the third, jerk, flattens hits less than the second for as much jitter
# Seconds over which is smoothed in hits and in calm motion: gain 1 / (1 + (2 pi f tau)^6).
_FAST_S, _CALM_S = 0.03, 0.06
# Accelerations half-way between the two.
_JOINTS_RAD_S2, _ROOT_M_S2 = 15.0, 3.0
_SEEN_S = 0.08     # accelerations are looked at through a Gaussian of this width, else noise would pass for motion,
_AROUND_S = 0.1    # and spread over their surroundings, since a punch does not accelerate in its middle


def smoothed_motion(
    R_parent_from_joint: Array, root: Array, rate: float, strength: float
) -> tuple[Array, Array]:
    """R_parent_from_joint [T, J, 3, 3] and root [T, 3] m of any skeleton without their jitter.

    `rate` in frames a second; strength 0 changes nothing, 1 is as measured best. Motion at constant speed is kept as
    it is, and so are joints that never move.
    """
    R, root = np.array(R_parent_from_joint, dtype=np.float64), np.array(root, dtype=np.float64)
    if strength <= 0.0 or len(root) <= _ORDER:
        return R, root
    moving = np.flatnonzero(np.any([R[:, joint] != R[:1, joint] for joint in range(R.shape[1])], axis=(1, 2, 3)))
    # Each joint by its turns about its own axes, whose increments wrap at no angle; the root as one column more.
    steps = np.empty((len(root) - 1, len(moving) + 1, 3))
    steps[:, -1] = np.diff(root, axis=0)
    for some in in_turn(len(steps)):
        turned = R[some.start : some.stop + 1, moving]
        steps[some, :-1] = axis_angle_from_matrix(np.swapaxes(turned[:-1], -1, -2) @ turned[1:])
    stiffness = (strength * rate * _time_constants_s(np.diff(steps, axis=0), rate)) ** (2 * _ORDER)
    correction = _correction(np.diff(steps, _ORDER - 1, axis=0), stiffness)
    for some in in_turn(len(R)):
        R[some, moving] = R[some, moving] @ matrix_from_axis_angle(correction[some, :-1])
    return R, root + correction[:, -1]


def _time_constants_s(accelerations: Array, rate: float) -> Array:
    """[T-3, J+1] of each third difference; `accelerations` a frame squared [T-2, J+1, 3], the last the root's."""
    middles = np.append(np.full(accelerations.shape[1] - 1, _JOINTS_RAD_S2), _ROOT_M_S2)
    seen = gaussian_smoothed(accelerations * rate**2, rate, _SEEN_S) / middles[:, None]
    energy = gaussian_smoothed(np.sum(seen**2, axis=-1), rate, _AROUND_S)
    joints = energy[:, :-1]
    # A limb whose joints were smoothed apart would lose what one joint makes good of another: half is the body's.
    energy[:, :-1] = np.sqrt(joints * joints.max(axis=1, keepdims=True, initial=0.0))
    return _FAST_S + (_CALM_S - _FAST_S) / (1.0 + 0.5 * (energy[:-1] + energy[1:]))


def _correction(jerks: Array, stiffness: Array) -> Array:
    """d [T, N, 3] with the least |d_t|^2 + stiffness_t |jerks_t + third difference of d from t on|^2.

    jerks a frame cubed [T-3, N, 3], stiffness [T-3, N].
    """
    count, columns = stiffness.shape
    frames = count + _ORDER
    bands = np.zeros((_ORDER + 1, frames, columns))      # the diagonal and those below it
    right = np.zeros((frames, columns, 3))
    coefficients = (-1.0, 3.0, -3.0, 1.0)
    for i, first in enumerate(coefficients):
        right[i : i + count] -= first * stiffness[..., None] * jerks
        for j, second in enumerate(coefficients[: i + 1]):
            bands[i - j, j : j + count] += first * second * stiffness
    bands[0] += 1.0
    return _solve_bands(bands, right)


def _solve_bands(bands: Array, right: Array) -> Array:
    """x [T, N, 3] of N symmetric positive definite banded systems side by side, by L D L^T; both are overwritten.

    bands [K, T, N]: bands[k, t] couples frame t + k with frame t; right [T, N, 3].
    """
    reach, frames = len(bands) - 1, len(right)
    for t in range(frames):
        below = bands[1 : min(reach, frames - 1 - t) + 1, t]
        shares = below / bands[0, t]
        for k in range(len(below)):
            # What is below entry k of this column, seen from the column of frame t + k + 1.
            bands[: len(below) - k, t + k + 1] -= shares[k] * below[k:]
        right[t + 1 : t + 1 + len(below)] -= shares[..., None] * right[t]
        bands[1 : len(below) + 1, t] = shares
    right /= bands[0][..., None]
    for t in range(frames - 2, -1, -1):
        above = min(reach, frames - 1 - t)
        right[t] -= np.sum(bands[1 : above + 1, t, :, None] * right[t + 1 : t + 1 + above], axis=0)
    return right
