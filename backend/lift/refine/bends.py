"""Knees and elbows do not bend backwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.lift.lift import Lift
from motion.arrays import Array, Indices
from motion.kinematics import forward_kinematics
from motion.rotations import matrix_from_axis_angle, normalised
from motion.skeleton import JOINT

# The joint above, the joint that bends, its next one, and the axis of the upper bone at rest about which it bends:
# knees backwards, elbows forwards with the palms down.
_HINGES = tuple(
    (JOINT[f"{side}_{upper}"], JOINT[f"{side}_{lower}"], JOINT[f"{side}_{end}"], axis)
    for side, sign in (("left", -1.0), ("right", 1.0))
    for upper, lower, end, axis in (
        ("hip", "knee", "ankle", (1.0, 0.0, 0.0)), ("shoulder", "elbow", "wrist", (0.0, sign, 0.0)))
)  # fmt: skip
UPPER: Indices = np.array([hinge[0] for hinge in _HINGES])
LOWER: Indices = np.array([hinge[1] for hinge in _HINGES])
_END = np.array([hinge[2] for hinge in _HINGES])


@dataclass(frozen=True, eq=False)
class Hinges:
    """The four hinges of T lifted frames, in the camera's axes."""

    upper: Array    # [T, 4, 3] unit vectors along the upper bones
    lower: Array    # [T, 4, 3] and the lower ones
    axes: Array     # [T, 4, 3] about which they bend


def hinges_of(lift: Lift, frames: slice) -> Hinges:
    """Of some frames of a lift; the axis is square to the upper bone."""
    R, joints = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint[frames], lift.root_camera[frames])
    upper, lower = normalised(joints[:, LOWER] - joints[:, UPPER]), normalised(joints[:, _END] - joints[:, LOWER])
    axes = np.einsum("thij,hj->thi", R[:, UPPER], np.array([hinge[3] for hinge in _HINGES]))
    return Hinges(upper, lower, normalised(axes - np.sum(axes * upper, axis=-1, keepdims=True) * upper))


def bends(hinges: Hinges, turns_rad: Array) -> tuple[Array, Array]:
    """Sines of the bends [T, 4], positive the way they should, and their derivatives [T, 4, 3].

    The derivative is by the orientation of the lower bone, in the camera's axes; by that of the upper bone it is the
    opposite, since turning both bends nothing. turns_rad [T, 22, 3].
    """
    E = matrix_from_axis_angle(turns_rad)
    upper = np.einsum("thij,thj->thi", E[:, UPPER], hinges.upper)
    axes = np.einsum("thij,thj->thi", E[:, UPPER], hinges.axes)
    lower = np.einsum("thij,thj->thi", E[:, LOWER], hinges.lower)
    across = np.cross(axes, upper)
    return np.sum(lower * across, axis=-1), np.cross(lower, across)
