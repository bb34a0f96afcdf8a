"""One pose of several views: means of orientations, which bring every view's own depth to the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.lift.lift import Lift
from backend.lift.network.anatomy import within_reach
from backend.multiview.rig import Rig
from motion.arrays import Array
from motion.filters import gaussian_smoothed
from motion.kinematics import forward_kinematics, local_rotations
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle, nearest_rotation
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_COUNT

_SEES_BEST = 4.0       # the power of a hand's score: mostly the view that sees a hand best has a say
_RELAXED = 1e-4        # the say of hands that no view sees
_SMOOTHED_S, _FOLLOWED_S = 0.1, 0.12
_FINGERS = {side: [joint for name, joint in JOINT.items() if joint >= BODY_JOINT_COUNT and name.startswith(side)
                   and "eye" not in name] for side in ("left", "right")}  # fmt: skip


def orientations_in_first(lift: Lift, R_first_from_camera: Array) -> Array:
    """[T, 22, 3, 3] of the body joints."""
    R, _ = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint, lift.root_camera)
    return R_first_from_camera @ R[:, :BODY_JOINT_COUNT]


def fused_pose(lifts: Sequence[Lift], cameras: Rig, say: Array) -> Array:
    """R_parent_from_joint [T, 55, 3, 3] in the first camera's axes; say [V, T, 22].

    Means of least squared chordal distance (Hartley et al. 2013, Rotation averaging, section 5.3).
    """
    total = np.zeros((*say.shape[1:], 3, 3))
    for lift, R, weight in zip(lifts, cameras.R_first_from_camera, say, strict=True):
        total += weight[..., None, None] * orientations_in_first(lift, R)
    whole = np.broadcast_to(np.eye(3), (len(total), JOINT_COUNT, 3, 3)).copy()
    whole[:, :BODY_JOINT_COUNT] = nearest_rotation(total)
    local = within_reach(local_rotations(whole))
    local[:, BODY_JOINT_COUNT:] = np.eye(3)
    for hand, joints in enumerate(_FINGERS.values()):
        local[:, joints] = _fingers(lifts, hand, joints)
    return local


def slowly_as(R_parent_from_joint: Array, R_smooth: Array, rate: float) -> Array:
    """A smooth pose [T, 55, 3, 3] that slowly follows another one, so that fast detail stays its own."""
    turns = axis_angle_from_matrix(np.swapaxes(R_smooth, -1, -2) @ R_parent_from_joint)
    return R_smooth @ matrix_from_axis_angle(gaussian_smoothed(turns, rate, _FOLLOWED_S))


def _fingers(lifts: Sequence[Lift], hand: int, joints: list[int]) -> Array:
    """[T, F, 3, 3] against the hand."""
    total = np.zeros((len(lifts[0].root_camera), len(joints), 3, 3))
    for lift in lifts:
        score = np.nan_to_num(lift.track.hand_scores[:, hand]) ** _SEES_BEST
        weight = gaussian_smoothed(score, lift.track.rate, _SMOOTHED_S) + _RELAXED
        total += weight[:, None, None, None] * lift.R_parent_from_joint[:, joints]
    return nearest_rotation(total)
