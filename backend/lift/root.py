"""Where a posed body stands, so that it falls onto its landmarks."""

from __future__ import annotations

import numpy as np

from backend.cameras.projection import root_by_reprojection
from backend.lift.direct.evidence import Evidence
from motion.arrays import Array
from motion.body import Body
from motion.kinematics import attached_points, forward_kinematics
from motion.landmarks import LANDMARK_COUNT

DEPTH_SMOOTHING_S = 0.12   # the person's distance is far less certain than where it is in the picture


def root_over_landmarks(
    R_parent_from_joint: Array, evidence: Evidence, body: Body, K: Array, depth_smoothing_s: float = DEPTH_SMOOTHING_S
) -> Array:
    """The pelvis [S, 3] m that brings a body posed on the S seen frames onto the picture's landmarks.

    R_parent_from_joint [S, 55, 3, 3]; the depth is smoothed over time, and what lies across it follows.
    """
    points = _landmarks_from_root(R_parent_from_joint, body)
    root = root_by_reprojection(points, evidence.landmarks_px, evidence.weights, K)
    return _across_at_depth(points, evidence, evidence.smoothed(root[:, 2], depth_smoothing_s))


def _across_at_depth(points: Array, evidence: Evidence, depth: Array) -> Array:
    """The root [S, 3] at a given depth [S] m whose body fits the picture best across it."""
    weights = evidence.weights[..., None]
    wanted = evidence.rays[..., :2] * (depth[:, None] + points[..., 2])[..., None] - points[..., :2]
    across = np.sum(weights * wanted, axis=1) / np.sum(weights, axis=1)
    return np.concatenate([across, depth[:, None]], axis=-1)


def _landmarks_from_root(R_parent_from_joint: Array, body: Body) -> Array:
    """The 33 landmark points of the posed body about its pelvis joint, [S, 33, 3] m."""
    zero = np.zeros((len(R_parent_from_joint), 3))
    R, joints = forward_kinematics(body.skeleton, R_parent_from_joint, zero)
    return attached_points(
        R, joints, body.skeleton, body.points[:LANDMARK_COUNT], body.model.point_joints[:LANDMARK_COUNT]
    )
