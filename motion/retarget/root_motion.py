"""The path over the ground: for a root bone that carries it, or taken away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..filters import gaussian_smoothed
from ..rotations import axis_angle_from_matrix, matrix_from_axis_angle
from .target.target import Target, TargetPose

_SMOOTHED_S = 0.2            # longer than the hips swing in a step or two of running, shorter than a turn on the spot
_UPRIGHT = np.cos(np.deg2rad(60.0))   # the pelvis' own up against the world's


def ground_path(pose: TargetPose, target: Target, rate: float) -> tuple[Array, Array]:
    """Turns [T, 3, 3] in the world, about the vertical alone, and places [T, 3] m on the floor.

    The place is that under the hips; the turn is the body's heading away from -Y, where the T-pose faces, without flips
    where the body lies or stands on its hands.
    """
    places = np.array(pose.root_world)
    places[:, 2] = target.floor_world_m
    turn = np.zeros((len(places), 3))
    turn[:, 2] = _headings(pose.R_parent_from_joint[:, 0], rate)
    return matrix_from_axis_angle(turn), places


def in_place(pose: TargetPose) -> TargetPose:
    """The motion over the place where it begins; heights stay."""
    root = np.array(pose.root_world)
    root[:, :2] = root[:1, :2]
    return replace(pose, root_world=root)


def _headings(R_world_from_hips: Array, rate: float) -> Array:
    """rad [T]: where the hips' sideways axis points while upright; between, what turned about the vertical.

    Somersaults and falls do not turn about the vertical, although their sideways axis may come out the other way round:
    what is off when the body stands again is spread over the time in which it did not.
    """
    if len(R_world_from_hips) == 0:
        return np.zeros(0)
    turns = axis_angle_from_matrix(R_world_from_hips[1:] @ np.swapaxes(R_world_from_hips[:-1], -1, -2))
    turned = np.append(0.0, np.cumsum(turns[:, 2]))
    upright = np.flatnonzero(R_world_from_hips[:, 2, 1] > _UPRIGHT)
    if len(upright):
        sideways = R_world_from_hips[upright, :, 0]
        off = np.unwrap(np.arctan2(sideways[:, 1], sideways[:, 0]) - turned[upright])
        turned += np.interp(np.arange(len(turned)), upright, off)
    return _smoothed(turned, rate)


def _smoothed(angles: Array, rate: float) -> Array:
    """Smoothed over time, carried on beyond both ends as it goes there."""
    reach = min(int(np.ceil(3.0 * _SMOOTHED_S * rate)), len(angles) - 1)
    padded = np.pad(angles, reach, mode="reflect", reflect_type="odd") if reach else angles
    return gaussian_smoothed(padded, rate, _SMOOTHED_S)[reach : reach + len(angles)]
