"""The gravity view: the camera levelled, and from it a world that cannot tilt however long the shot.

GVHMR (Shen et al. 2024, §3.1 and §3.2). Its axes are x right, y down along gravity, z the horizontal part of the
viewing direction. Only yaw is summed over a moving camera's turns; pitch and roll are each frame's own.
"""

from __future__ import annotations

import numpy as np

from motion.arrays import Array
from motion.rotations import matrix_from_axis_angle, normalised

_STRAIGHT = 1e-5   # a camera that looks along gravity has no horizon: its own right is as good as any
_R_WORLD_FROM_FIRST_VIEW = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])


def gravity_view(down_camera: Array) -> Array:
    """R_gv_from_camera [..., 3, 3] of unit vectors down [..., 3] in the camera's frame."""
    across = np.cross(down_camera, [0.0, 0.0, 1.0])
    straight = np.linalg.norm(across, axis=-1, keepdims=True) < _STRAIGHT
    right = normalised(np.where(straight, [1.0, 0.0, 0.0], across))
    right = normalised(right - np.sum(right * down_camera, axis=-1, keepdims=True) * down_camera)
    return np.stack([right, down_camera, np.cross(right, down_camera)], axis=-2)


def world_from_camera(R_gv_from_camera: Array, R_first_from_camera: Array) -> Array:
    """R_world_from_camera [T, 3, 3] of a camera that turns by R_first_from_camera [T, 3, 3].

    World axes are Z up, x right and y ahead of the first camera. View t + 1 stands about gravity against view t as the
    camera's turn from t to t + 1 says, so that the turns before t, and not the one after it, make the heading of t;
    GVHMR's released code sums one turn too far. The yaw of a turn is that of the nearest rotation about gravity: the
    viewing directions that the paper compares have no yaw where the camera looks straight down.
    """
    R_camera_from_next = np.swapaxes(R_first_from_camera[:-1], -1, -2) @ R_first_from_camera[1:]
    R_view_from_next = R_gv_from_camera[:-1] @ R_camera_from_next @ np.swapaxes(R_gv_from_camera[1:], -1, -2)
    yaw = np.concatenate([[0.0], np.cumsum(_about_down(R_view_from_next))])
    R_first_view_from_view = matrix_from_axis_angle(yaw[:, None] * [0.0, 1.0, 0.0])
    return _R_WORLD_FROM_FIRST_VIEW @ R_first_view_from_view @ R_gv_from_camera


def _about_down(R: Array) -> Array:
    """Angles [T] rad of the rotations about y nearest to R [T, 3, 3]."""
    return np.arctan2(R[:, 0, 2] - R[:, 2, 0], R[:, 0, 0] + R[:, 2, 2])
