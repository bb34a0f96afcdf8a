"""Where a posed body stands, so that it falls onto its landmarks in all pictures."""

from __future__ import annotations

import numpy as np

from backend.multiview.fuse.planes import Planes
from backend.multiview.fuse.triangulate import robust_weights
from motion.arrays import Array
from motion.body import Body
from motion.filters import gaussian_smoothed
from motion.kinematics import attached_points, forward_kinematics
from motion.landmarks import LANDMARK_COUNT

_ROUNDS = 4
_SMOOTHED_S = 0.1
_START_CERTAINTY = 0.5**-2.0    # 1/m^2 of where single views put the person


def root_over_views(R_parent_from_joint: Array, body: Body, planes: Planes, start: Array, rate: float) -> Array:
    """The pelvis [T, 3] m in the first camera's frame; `start` [T, 3] where no landmark tells.

    The landmarks' say is smoothed over time, each frame's with its certainty: where one view is left, which does not
    know the distance, frames with more views before and after still count.
    """
    offsets = _landmarks_from_root(R_parent_from_joint, body)
    root = start
    for _ in range(_ROUNDS):
        about = planes.about(offsets + root[:, None])
        weights = robust_weights(planes, offsets + root[:, None])
        certainty = gaussian_smoothed(about.certainty(weights).sum(axis=1), rate, _SMOOTHED_S)
        pull = gaussian_smoothed(about.pull(weights).sum(axis=1), rate, _SMOOTHED_S)
        held = certainty + _START_CERTAINTY * np.eye(3)
        pull = pull + _START_CERTAINTY * (start - root)
        root = root + np.linalg.solve(held, pull[..., None])[..., 0]
    return root


def _landmarks_from_root(R_parent_from_joint: Array, body: Body) -> Array:
    """[T, 33, 3] m."""
    R, joints = forward_kinematics(body.skeleton, R_parent_from_joint, np.zeros((len(R_parent_from_joint), 3)))
    return attached_points(R, joints, body.skeleton, body.points[:LANDMARK_COUNT],
                           body.model.point_joints[:LANDMARK_COUNT])  # fmt: skip
