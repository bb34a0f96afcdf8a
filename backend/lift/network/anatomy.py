"""How far joints of the body turn against their parents, whatever a network tells of a pose that it never saw."""

from __future__ import annotations

import numpy as np

from backend.lift.limits import limited
from motion.arrays import Array
from motion.skeleton import BODY_JOINT_COUNT, JOINT_NAMES

# Generous: they are for what breaks a body, not for what is unusual.
_FARTHEST_DEG = {
    "hip": 150, "knee": 165, "ankle": 75, "foot": 60, "spine1": 70, "spine2": 60, "spine3": 60, "neck": 75, "head": 75,
    "collar": 50, "shoulder": 175, "elbow": 165, "wrist": 100,
}  # fmt: skip
_FARTHEST_RAD = np.deg2rad([_FARTHEST_DEG[name.removeprefix("left_").removeprefix("right_")]
                            for name in JOINT_NAMES[1:BODY_JOINT_COUNT]])[:, None]  # fmt: skip


def within_reach(R_parent_from_joint: Array) -> Array:
    """Rotations [T, 55, 3, 3] with those of the body brought back, by the shortest arc, to how far a joint turns."""
    whole = np.array(R_parent_from_joint)
    whole[:, 1:BODY_JOINT_COUNT] = limited(np.eye(3), whole[:, 1:BODY_JOINT_COUNT], _FARTHEST_RAD)
    return whole
