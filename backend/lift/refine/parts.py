"""Which joints refinement turns, and which of them together."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array, Indices
from motion.skeleton import BODY_JOINT_COUNT, JOINT, PARENTS

# A part is the joint that it is named after, and the share of its turn that others take. The spine bends as one from
# the pelvis to the chest.
_PARTS: dict[str, dict[str, float]] = {
    "pelvis": {"spine1": 2 / 3, "spine2": 1 / 3},
    "spine3": {"spine1": 1 / 3, "spine2": 2 / 3, "neck": 0.5},
    "head": {"neck": 0.5},
    **{f"{side}_{name}": {} for side in ("left", "right")
       for name in ("collar", "shoulder", "elbow", "wrist", "hip", "knee")},
    **{f"{side}_ankle": {f"{side}_foot": 1.0} for side in ("left", "right")},
}  # fmt: skip
PART_NAMES: tuple[str, ...] = tuple(_PARTS)
PART_COUNT = len(PART_NAMES)
PART_JOINTS: Indices = np.array([JOINT[name] for name in PART_NAMES])


def _shares() -> Array:
    shares = np.zeros((BODY_JOINT_COUNT, PART_COUNT))
    for part, (name, others) in enumerate(_PARTS.items()):
        shares[JOINT[name], part] = 1.0
        for other, share in others.items():
            shares[JOINT[other], part] = share
    return shares


def _neighbours() -> Indices:
    """[PART_COUNT - 1, 2] of each part and the part that carries it."""
    part_of = {int(joint): part for part, joint in enumerate(PART_JOINTS)}
    pairs = []
    for joint, part in part_of.items():
        parent = PARENTS[joint]
        while parent >= 0 and parent not in part_of:
            parent = PARENTS[parent]
        if parent >= 0:
            pairs.append((part, part_of[parent]))
    return np.array(pairs)


JOINT_FROM_PART: Array = _shares()    # [22, PART_COUNT]
NEIGHBOURS: Indices = _neighbours()
