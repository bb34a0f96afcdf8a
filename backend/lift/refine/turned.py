"""A lifted body whose joints are turned a little further, and how its landmarks move with them.

Turns are rotation vectors in the camera's axes that turn one joint's orientation, each on its own: a turned shoulder
carries the elbow along, but leaves the direction of the forearm as it is. So the lifter's errors of orientation stay
those of one joint, and a landmark is a sum of bones of which each hears one joint.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.lift.lift import Lift
from backend.lift.refine.parts import JOINT_FROM_PART
from motion.arrays import Array, Indices
from motion.kinematics import attached_points, forward_kinematics, local_rotations
from motion.landmarks import LANDMARK_COUNT
from motion.rotations import matrix_from_axis_angle
from motion.runs import in_turn
from motion.skeleton import BODY_JOINT_COUNT, PARENTS

_CARRIED_BY = np.maximum(PARENTS[:BODY_JOINT_COUNT], 0)   # the pelvis by itself


@dataclass(frozen=True, eq=False)
class Bones:
    """T frames of a body as it was lifted; all in the camera's axes, m."""

    bones: Array        # [T, 22, 3] from a joint's parent to the joint (of the pelvis: zero)
    rides: Array        # [T, 33, 3] from the joint that carries a landmark to the landmark
    carriers: Indices   # [33]
    root: Array         # [T, 3]


@dataclass(frozen=True, eq=False)
class Turned:
    """The same after turning."""

    segments: Array     # [T, 22 + 33 + 1, 3] bones, rides, and a zero
    joints: Array       # [T, 22, 3]
    points: Array       # [T, 33, 3] the landmarks
    carriers: Indices   # [33]


def bones_of(lift: Lift, frames: slice) -> Bones:
    """Of some frames of a lift. Landmarks on fingers ride on the wrist, as the fingers stand."""
    body, root = lift.body, lift.root_camera[frames]
    R, joints = forward_kinematics(body.skeleton, lift.R_parent_from_joint[frames], root)
    riders = body.model.point_joints[:LANDMARK_COUNT]
    points = attached_points(R, joints, body.skeleton, body.points[:LANDMARK_COUNT], riders)
    carriers = np.array([_of_body(joint) for joint in riders])
    bones = joints[:, :BODY_JOINT_COUNT] - joints[:, _CARRIED_BY]
    return Bones(bones, points - joints[:, carriers], carriers, root)


def turned(bones: Bones, turns_rad: Array, shift_m: Array) -> Turned:
    """The body with its joints turned by turns_rad [T, 22, 3] and moved by shift_m [T, 3]."""
    E = matrix_from_axis_angle(turns_rad)
    moved = np.einsum("tjab,tjb->tja", E[:, _CARRIED_BY], bones.bones)
    joints = np.empty_like(moved)
    joints[:, 0] = bones.root + shift_m
    for joint in range(1, BODY_JOINT_COUNT):
        joints[:, joint] = joints[:, PARENTS[joint]] + moved[:, joint]
    rides = np.einsum("tjab,tjb->tja", E[:, bones.carriers], bones.rides)
    segments = np.concatenate([moved, rides, np.zeros_like(rides[:, :1])], axis=1)
    return Turned(segments, joints, joints[:, bones.carriers] + rides, bones.carriers)


def with_turns(lift: Lift, turns_rad: Array) -> Array:
    """R_parent_from_joint [T, 55, 3, 3] of a lift whose body joints are turned; fingers and face keep their pose."""
    R_parent_from_joint = np.array(lift.R_parent_from_joint)
    for some in in_turn(len(turns_rad)):
        R_camera_from_joint, _ = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint[some],
                                                    lift.root_camera[some])  # fmt: skip
        R_camera_from_joint[:, :BODY_JOINT_COUNT] = (
            matrix_from_axis_angle(turns_rad[some]) @ R_camera_from_joint[:, :BODY_JOINT_COUNT])
        R_parent_from_joint[some, :BODY_JOINT_COUNT] = local_rotations(R_camera_from_joint)[:, :BODY_JOINT_COUNT]
    return R_parent_from_joint


def levers(body: Turned) -> Array:
    """[T, 33, 22, 3] the part of the way from the root to a landmark that one joint turns."""
    return body.segments[:, _heard(tuple(body.carriers))]


def _heard(carriers: tuple[int, ...]) -> Indices:
    """[33, 22] which segment on the way to a landmark a joint turns; the last one, which is zero, where none."""
    heard = np.full((len(carriers), BODY_JOINT_COUNT), BODY_JOINT_COUNT + len(carriers))
    for landmark, carrier in enumerate(carriers):
        heard[landmark, carrier] = BODY_JOINT_COUNT + landmark
        joint = carrier
        while joint != 0:
            heard[landmark, PARENTS[joint]] = joint
            joint = PARENTS[joint]
    return heard


def part_rows(joint_rows: Array, turns_rad: Array) -> Array:
    """Derivatives by the orientations [T, R, 22, 3] as derivatives by the parts' rotation vectors [T, R, 3 P]."""
    by_joint = joint_rows.swapaxes(1, 2) @ _left_jacobian(turns_rad)     # [T, 22, R, 3]
    frames, _, rows, _ = by_joint.shape
    shares = JOINT_FROM_PART.T
    by_part = (shares @ by_joint.reshape(frames, BODY_JOINT_COUNT, rows * 3)).reshape(frames, -1, rows, 3)
    return by_part.swapaxes(1, 2).reshape(frames, rows, -1)


def _left_jacobian(turns_rad: Array) -> Array:
    """[..., 3, 3] how an orientation turns when its rotation vector changes (Sola and others 2018, eq. 145)."""
    angle = np.linalg.norm(turns_rad, axis=-1)[..., None, None]
    small = angle < 1e-4
    safe = np.where(small, 1.0, angle)
    first = np.where(small, 0.5, (1.0 - np.cos(safe)) / safe**2)
    second = np.where(small, 1.0 / 6.0, (safe - np.sin(safe)) / safe**3)
    cross = _cross_matrix(turns_rad)
    return np.eye(3) + first * cross + second * (cross @ cross)


def _cross_matrix(v: Array) -> Array:
    x, y, z = np.moveaxis(v, -1, 0)
    zero = np.zeros_like(x)
    return np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(v.shape + (3,))


def _of_body(joint: int) -> int:
    """The nearest of the 22 body joints at or above a joint."""
    while joint >= BODY_JOINT_COUNT:
        joint = PARENTS[joint]
    return int(joint)
