"""A motion whose end leads into its beginning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..rotations import axis_angle_from_matrix, matrix_from_axis_angle
from .target.target import TargetPose

_WINDOW_S = 0.3             # over which the differences are spread at either end,
_WINDOW_SHARE = 0.25        # and of a short clip no more than this
_SPEED_S = 0.1              # over which the speeds at the ends are told
_STRAIGHT_DEG = 20.0        # headings of the ends nearer than this were meant to be the same


@dataclass(frozen=True)
class _Seam:
    """What the end lacks to be the beginning, in the beginning's axes, and how its speed differs. [..., D]"""

    value: Array    # the beginning's beyond the end's
    speed: Array    # the same, a frame


def looped(pose: TargetPose, rate: float) -> TargetPose:
    """The pose with a last frame that is its first again, and with the same speeds there.

    A turn of the body's heading over the clip, from 20 degrees on, and its way over the ground stay: there the next
    round goes on from where the last one got to.
    """
    frames = len(pose.root_world)
    if frames < 2:
        return pose
    window = max(1, min(round(_WINDOW_S * rate), int(_WINDOW_SHARE * (frames - 1))))
    heading = _heading_gained(pose.R_parent_from_joint[:, 0])
    return TargetPose(
        _closed_turns(pose.R_parent_from_joint, heading, window, rate),
        _closed_path(pose.root_world, heading, window, rate),
    )  # fmt: skip


def _heading_gained(R_world_from_hips: Array) -> Array:
    """The turn about the vertical [3, 3] by which the clip as a whole goes round; none if it hardly does."""
    whole = R_world_from_hips[-1] @ R_world_from_hips[0].T
    angle = np.arctan2(whole[1, 0] - whole[0, 1], whole[0, 0] + whole[1, 1])
    return matrix_from_axis_angle(np.array([0.0, 0.0, angle * (abs(angle) > np.deg2rad(_STRAIGHT_DEG))]))


def _closed_turns(R: Array, heading: Array, window: int, rate: float) -> Array:
    """R_parent_from_joint [T, J, 3, 3] with the same turns at both ends, the first joint's but for `heading`."""
    last = np.array(R[-1])
    last[0] = heading.T @ last[0]
    missing = _turned(last, R[0])
    steps = _steps(len(R), rate)
    first, last = _turned(R[0], R[steps]) / steps, _turned(R[-1 - steps], R[-1]) / steps
    offsets = _offsets(_Seam(missing, first - last), len(R), window)
    return R @ matrix_from_axis_angle(offsets)


def _turned(R_before: Array, R_after: Array) -> Array:
    """rad [..., 3], in its own axes."""
    return axis_angle_from_matrix(np.swapaxes(R_before, -1, -2) @ R_after)


def _closed_path(root: Array, heading: Array, window: int, rate: float) -> Array:
    """root [T, 3] at the same height at both ends, with the same speed there as seen from the body's heading."""
    steps = _steps(len(root), rate)
    first, last = (root[steps] - root[0]) / steps, (root[-1] - root[-1 - steps]) / steps
    missing = np.array([0.0, 0.0, root[0, 2] - root[-1, 2]])
    offsets = _offsets(_Seam(missing, first - last @ heading), len(root), window)
    half = len(root) // 2
    offsets[half:] = offsets[half:] @ heading.T
    return root + offsets


def _offsets(seam: _Seam, frames: int, window: int) -> Array:
    """[T, ..., D]: half of what is missing at each end, taken there with half of the speed, nothing between them."""
    away = np.arange(frames).reshape((-1,) + (1,) * seam.value.ndim) / window
    begin, end = np.minimum(away, 1.0), np.minimum(away[::-1], 1.0)
    leads_in = -_eased(begin) * seam.value - window * _sloped(begin) * seam.speed
    leads_out = _eased(end) * seam.value - window * _sloped(end) * seam.speed
    return 0.5 * (leads_in + leads_out)


def _eased(u: Array) -> Array:
    """From 1 at 0 to 0 at 1, level at both."""
    return 1.0 - u * u * (3.0 - 2.0 * u)


def _sloped(u: Array) -> Array:
    """0 at 0 and 1, with a slope of 1 at 0 and level at 1."""
    return u * (1.0 - u) ** 2


def _steps(frames: int, rate: float) -> int:
    return max(1, min(round(_SPEED_S * rate), (frames - 1) // 2))
