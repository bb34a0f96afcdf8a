"""Forward kinematics of the SMPL-X tree."""

from __future__ import annotations

import numpy as np

from .arrays import Array, Indices
from .runs import in_turn
from .skeleton import JOINT_COUNT, PARENTS, Skeleton


def forward_kinematics(skeleton: Skeleton, R_parent_from_joint: Array, root: Array) -> tuple[Array, Array]:
    """Orientations and places of all joints in the frame in which the root is given.

    R_parent_from_joint [..., 55, 3, 3] (entry 0: frame from pelvis), root [..., 3] m, the pelvis joint.
    Returns R_frame_from_joint [..., 55, 3, 3] and joints [..., 55, 3] m.
    """
    R_frame_from_joint = np.empty_like(R_parent_from_joint, dtype=np.float64)
    joints = np.empty(R_parent_from_joint.shape[:-3] + (JOINT_COUNT, 3))
    offsets = skeleton.offsets
    R_frame_from_joint[..., 0, :, :] = R_parent_from_joint[..., 0, :, :]
    joints[..., 0, :] = root
    for joint in range(1, JOINT_COUNT):
        parent = PARENTS[joint]
        R_frame_from_parent = R_frame_from_joint[..., parent, :, :]
        R_frame_from_joint[..., joint, :, :] = R_frame_from_parent @ R_parent_from_joint[..., joint, :, :]
        joints[..., joint, :] = joints[..., parent, :] + R_frame_from_parent @ offsets[joint]
    return R_frame_from_joint, joints


def places_of_joints(skeleton: Skeleton, R_parent_from_joint: Array, root: Array) -> Array:
    """The places [T, 55, 3] m alone, for R_parent_from_joint [T, 55, 3, 3] and root [T, 3] of any number of frames."""
    joints = np.empty((len(root), JOINT_COUNT, 3))
    for some in in_turn(len(root)):
        joints[some] = forward_kinematics(skeleton, R_parent_from_joint[some], root[some])[1]
    return joints


def local_rotations(R_frame_from_joint: Array) -> Array:
    """R_parent_from_joint [..., 55, 3, 3] of orientations given in one common frame."""
    parents = np.array(PARENTS[1:])
    R_parent_from_joint = np.array(R_frame_from_joint, dtype=np.float64)
    R_joint_from_frame = np.swapaxes(R_frame_from_joint[..., parents, :, :], -1, -2)
    R_parent_from_joint[..., 1:, :, :] = R_joint_from_frame @ R_frame_from_joint[..., 1:, :, :]
    return R_parent_from_joint


def attached_points(
    R_frame_from_joint: Array, joints: Array, skeleton: Skeleton, points_rest: Array, point_joints: Indices
) -> Array:
    """Points that ride rigidly on one joint each.

    points_rest [P, 3] m in the rest frame, point_joints [P]. Returns [..., P, 3] m in the joints' frame.
    """
    offsets = points_rest - skeleton.rest_joints[point_joints]
    turned = np.einsum("...pij,pj->...pi", R_frame_from_joint[..., point_joints, :, :], offsets)
    return joints[..., point_joints, :] + turned
