"""Targets made up for tests."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array
from motion.figure import Figure
from motion.retarget.source.source_pose import R_WORLD_FROM_REST
from motion.retarget.target.target import Target, TargetPose
from motion.rotations import matrix_from_axis_angle

SLOTS = ("hips", "left_thigh", "left_shin", "right_thigh", "right_shin")
FLOOR_M = 0.04


def small_target() -> Target:
    """Hips and two legs without feet."""
    rest = np.array([[0.0, 1.0, 0], [0.1, 0.9, 0], [0.1, 0.5, 0.02], [-0.1, 0.9, 0], [-0.1, 0.5, 0.02]])
    figure = Figure((-1, 0, 1, 0, 3), rest, {}, {}, (), np.zeros(0), np.zeros((0, 3)))
    return Target(figure, SLOTS, np.arange(5), np.tile(np.eye(3), (5, 1, 1)), 0.9, FLOOR_M)


def turned(angles_rad: Array, axis: int) -> Array:
    """[T, 3, 3] about x, y or z."""
    return matrix_from_axis_angle(np.asarray(angles_rad)[..., None] * np.eye(3)[axis])


def posed(R_beyond_standing: Array, root_world: Array, R_parent_from_legs: Array | None = None) -> TargetPose:
    """Somebody who stands facing -Y, turned by [T, 3, 3] in the world; legs [T, 4, 3, 3]."""
    frames = len(R_beyond_standing)
    R = np.tile(np.eye(3), (frames, 5, 1, 1))
    R[:, 0] = R_beyond_standing @ R_WORLD_FROM_REST
    if R_parent_from_legs is not None:
        R[:, 1:] = R_parent_from_legs
    return TargetPose(R, root_world)
