"""Frames in which nobody's joints are: knees and elbows that bend too far or backwards, bones that are pulled apart."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array, Mask
from motion.recordings.hinges import hinge_axis
from motion.recordings.limbs import CHAINS
from motion.recordings.naming import Naming
from motion.recordings.recording import Recording
from motion.rotations import normalised
from motion.skeleton import JOINT

MOST_BEND_RAD = np.radians(170.0)       # recorded squats on the heels reach 166
MOST_BACKWARDS_RAD = np.radians(25.0)
PULLED_APART_M = 0.10                   # shoulders of rigs without collars move by 0.08
_COLLAPSED = 0.1                        # of its length in motion: a bone that the rest pose does not show


def impossible_bends(R_world_from_joint: Array, joints_world: Array) -> Mask:
    """[T] whether a knee or an elbow bends as none can; [T, >=22, 3, 3] and [T, >=22, 3] m."""
    bends = [
        _bend(R_world_from_joint, joints_world, *(f"{side}_{joint}" for joint in chain))
        for side in ("left", "right") for chain in CHAINS
    ]  # fmt: skip
    return np.any([(bend > MOST_BEND_RAD) | (bend < -MOST_BACKWARDS_RAD) for bend in bends], axis=0)


def _bend(R_world_from_joint: Array, joints_world: Array, upper: str, lower: str, end: str) -> Array:
    """How far [T] rad the joint bends about its hinge, negative where backwards."""
    places = [joints_world[:, JOINT[joint]] for joint in (upper, lower, end)]
    bones = normalised(places[1] - places[0]), normalised(places[2] - places[1])
    hinge = R_world_from_joint[:, JOINT[upper]] @ hinge_axis(lower)
    return np.arctan2(np.sum(np.cross(*bones) * hinge, axis=-1), np.sum(bones[0] * bones[1], axis=-1))


def pulled_apart(recording: Recording, naming: Naming) -> Mask:
    """[T] whether a joint of the body is farther from its parent than at rest, or nearer, by PULLED_APART_M."""
    joints = _body_joints(recording, naming)
    parents = [recording.parents[joint] for joint in joints]
    lengths = np.linalg.norm(recording.joint_from_parent[:, joints], axis=-1)
    at_rest = np.linalg.norm(recording.rest_joints[joints] - recording.rest_joints[parents], axis=-1)
    usual = np.median(lengths, axis=0)
    wanted = np.where(at_rest > _COLLAPSED * usual, at_rest, usual)
    return (np.abs(lengths - wanted) > PULLED_APART_M).any(axis=1)


def _body_joints(recording: Recording, naming: Naming) -> list[int]:
    """The joints of limbs and trunk and those between them; what carries the pelvis is its path."""
    body = set().union(*(_line(recording, joint) for joint in (*naming.joints.values(), *naming.spine)))
    return sorted(body - _line(recording, naming.joints["pelvis"]))


def _line(recording: Recording, joint: int) -> set[int]:
    """A joint and all above it."""
    line = set()
    while joint >= 0:
        line.add(joint)
        joint = recording.parents[joint]
    return line
