"""What the closing line of a capture says of a person."""

from __future__ import annotations

import numpy as np

from motion.body import Body
from motion.kinematics import attached_points, forward_kinematics
from motion.landmarks import LANDMARK_COUNT
from motion.motion import Motion

VISIBLE_SCORE = 0.5   # a landmark that the detector only guesses says nothing of the body's place


def reprojection_px(motion: Motion, body: Body) -> float | None:
    """Mean distance in the picture between the body's landmark points and the detected ones that are visible, px.

    Over the frames in which the person was seen, in the first camera; None when nothing was seen.
    """
    camera = motion.cameras[0]
    R_world_from_joint, joints_world = forward_kinematics(body.skeleton, motion.R_parent_from_joint, motion.root_world)
    points_world = attached_points(R_world_from_joint, joints_world, body.skeleton, body.points[:LANDMARK_COUNT],
                                   body.model.point_joints[:LANDMARK_COUNT])  # fmt: skip
    points_camera = points_world @ camera.R_camera_from_world.swapaxes(1, 2) + camera.t_camera_from_world[:, None]
    points_px = points_camera @ camera.K.swapaxes(1, 2)
    distance_px = np.linalg.norm(points_px[..., :2] / points_px[..., 2:] - camera.landmarks_px, axis=-1)
    visible = motion.seen[:, None] & (camera.scores >= VISIBLE_SCORE) & np.isfinite(distance_px)
    return float(distance_px[visible].mean()) if visible.any() else None
