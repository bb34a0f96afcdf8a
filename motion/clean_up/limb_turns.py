"""Writes what a limb has become into the local rotations of its figure."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..figure import Figure
from ..limb_ik import Limb
from .feet import FootPath
from .foot import Foot
from .reach import bent_limb


def with_limb(
    figure: Figure, limb: Limb, R_parent_from_joint: Array, R_world_from_joint: Array, R_upper: Array, R_lower: Array,
    R_end: Array,
) -> Array:  # fmt: skip
    """R_parent_from_joint [T, J, 3, 3] with the limb's three joints oriented in the world as given, each [T, 3, 3].

    R_world_from_joint [T, J, 3, 3] is how the figure was; joints between, such as those of twist, go along.
    """
    changed = R_parent_from_joint.copy()
    turn_before = np.eye(3)
    for joint, R in ((limb.upper, R_upper), (limb.lower, R_lower), (limb.end, R_end)):
        R_world_from_parent = turn_before @ R_world_from_joint[:, figure.parents[joint]]
        changed[:, joint] = np.swapaxes(R_world_from_parent, -1, -2) @ R
        turn_before = R @ np.swapaxes(R_world_from_joint[:, joint], -1, -2)
    return changed


def with_foot(
    figure: Figure, foot: Foot, path: FootPath, R_parent_from_joint: Array, R_world_from_joint: Array, joints: Array
) -> Array:  # fmt: skip
    """R_parent_from_joint [T, J, 3, 3] with a leg that brings its foot where the path goes, or near."""
    limb = foot.limb
    R_upper, R_lower = bent_limb(figure, limb, R_world_from_joint, joints, path.ankle, path.pinned)
    changed = with_limb(
        figure, limb, R_parent_from_joint, R_world_from_joint, R_upper, R_lower, path.R_world_from_foot
    )  # fmt: skip
    if foot.toe_joint >= 0:
        R_parent = R_world_from_joint[:, figure.parents[foot.toe_joint]]
        R_parent_from_foot = np.swapaxes(R_parent, -1, -2) @ R_world_from_joint[:, limb.end]
        changed[:, foot.toe_joint] = R_parent_from_foot @ path.R_foot_from_toes
    return changed
