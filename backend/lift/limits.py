"""How far joints turn."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle, smallest_rotation


def limited(R_reference: Array, R: Array, largest_rad: float) -> Array:
    """R [..., 3, 3] brought along the shortest arc to within `largest_rad` of R_reference [..., 3, 3]."""
    turn = axis_angle_from_matrix(np.swapaxes(R_reference, -1, -2) @ R)
    angle = np.linalg.norm(turn, axis=-1, keepdims=True)
    return R_reference @ matrix_from_axis_angle(turn * np.minimum(1.0, largest_rad / np.maximum(angle, 1e-9)))


def between(R_first: Array, R_second: Array, share: float | Array) -> Array:
    """The rotation `share` (a number or [...]) of the way from R_first to R_second [..., 3, 3], by the shortest arc."""
    turn = axis_angle_from_matrix(np.swapaxes(R_first, -1, -2) @ R_second)
    return R_first @ matrix_from_axis_angle(np.asarray(share)[..., None] * turn)


def swing_and_twist(R_parent_from_joint: Array, axis: Array) -> tuple[Array, Array]:
    """A rotation as swing @ twist: the twist turns about `axis` [3] of the joint, the swing moves that axis.

    Returns swing [..., 3, 3] and the twist's angle [...] rad in (-pi, pi].
    """
    swing = smallest_rotation(np.broadcast_to(axis, R_parent_from_joint.shape[:-1]), R_parent_from_joint @ axis)
    turn = axis_angle_from_matrix(np.swapaxes(swing, -1, -2) @ R_parent_from_joint)
    return swing, turn @ axis
