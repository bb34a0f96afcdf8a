"""The mirror image of a pose: left and right change places."""

from __future__ import annotations

import numpy as np

from backend.lift.network.mirror import other_sides
from motion.arrays import Array
from motion.skeleton import BODY_JOINT_COUNT, JOINT_NAMES

_ACROSS = np.diag([-1.0, 1.0, 1.0])
OTHER_SIDE = np.array(other_sides(JOINT_NAMES[:BODY_JOINT_COUNT]))


def mirrored_rotations(R_parent_from_joint: Array) -> Array:
    """R_parent_from_joint [..., 22, 3, 3] seen in a mirror across the world's x, which is the body's left at rest."""
    return _ACROSS @ R_parent_from_joint[..., OTHER_SIDE, :, :] @ _ACROSS
