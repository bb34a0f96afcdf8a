"""Where the bones of an artist's armature end and which way they bend, from the rest joints alone.

Everything here is in the rest frame: T-pose, Y up, facing +Z, the person's left at +X.
"""

from __future__ import annotations

import numpy as np

from ..motion.arrays import Array
from ..motion.rotations import normalised
from ..motion.skeleton import JOINT, JOINT_COUNT, JOINT_NAMES, PARENTS, Skeleton

SHORTEST_BONE = 0.005   # m; Blender up to 4.5 silently deletes bones without length

_UP, _DOWN = np.array([0.0, 1.0, 0.0]), np.array([0.0, -1.0, 0.0])
_AHEAD, _BACK = np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0, -1.0])

# A bone ends at this child where it has several.
_MAIN_CHILD = {"pelvis": "spine1", "spine3": "neck", "left_wrist": "left_middle1", "right_wrist": "right_middle1"}

# A bone without a child: its direction, and its length as a share of its parent's bone.
_FREE_ENDS = {
    "head": (_UP, 2.0), "jaw": (np.array([0.0, -0.5, 1.0]), 0.8), "left_eye": (_AHEAD, 0.3), "right_eye": (_AHEAD, 0.3),
    "left_foot": (_AHEAD, 0.6), "right_foot": (_AHEAD, 0.6),
}  # fmt: skip

# Blender turns a bone inaccurately (4e-5) that points 4 to 6.4 degrees beside its parent's opposite, as thighs do below
# an upright pelvis bone: so that bone leans back by at least 12 degrees.
_PELVIS_LEAN = 0.21   # tan 12 degrees

_FINGER_TIP = 0.8   # length of a last finger bone as a share of the one before it

_BENDS = {
    "hip": _BACK, "knee": _BACK, "ankle": _DOWN, "foot": _DOWN, "jaw": _DOWN, "eye": _DOWN,
    "pelvis": _AHEAD, "spine": _AHEAD, "neck": _AHEAD, "head": _AHEAD,
    "collar": _AHEAD, "shoulder": _AHEAD, "elbow": _AHEAD,
}  # fmt: skip


def bone_tails(skeleton: Skeleton) -> Array:
    """Where each bone ends, [55, 3] m: at its child, or a natural length on from where there is none."""
    heads = skeleton.rest_joints
    tails = np.empty_like(heads)
    for joint, name in enumerate(JOINT_NAMES):   # parents come first, so a tail may lean on the parent's
        child = _child(joint)
        tails[joint] = heads[child] if child is not None else heads[joint] + _free_end(name, joint, heads, tails)
    tails[0, 2] = min(tails[0, 2], heads[0, 2] - _PELVIS_LEAN * abs(tails[0, 1] - heads[0, 1]))
    too_short = np.linalg.norm(tails - heads, axis=-1) < SHORTEST_BONE
    tails[too_short] = heads[too_short] + SHORTEST_BONE * _UP
    return tails


def bend_directions(skeleton: Skeleton) -> Array:
    """The way in which the end of each bone goes when the joint bends, unit vectors [55, 3].

    Square to nothing in particular: Blender takes the part that is square to the bone.
    """
    return np.array([_bend(name, skeleton.rest_joints) for name in JOINT_NAMES])


def _child(joint: int) -> int | None:
    name = JOINT_NAMES[joint]
    if name in _MAIN_CHILD:
        return JOINT[_MAIN_CHILD[name]]
    if name in _FREE_ENDS:
        return None
    return next((child for child in range(JOINT_COUNT) if PARENTS[child] == joint), None)


def _free_end(name: str, joint: int, heads: Array, tails: Array) -> Array:
    parent = PARENTS[joint]
    parent_bone = tails[parent] - heads[parent]
    if name not in _FREE_ENDS:
        return _FINGER_TIP * parent_bone
    direction, share = _FREE_ENDS[name]
    return share * np.linalg.norm(parent_bone) * normalised(direction)


def _bend(name: str, heads: Array) -> Array:
    side, _, part = name.rpartition("_")
    part = part.rstrip("123")
    if part in _BENDS:
        return _BENDS[part]
    if part == "thumb":
        # The thumb closes towards the root of the little finger, not along the palm's normal.
        return _unless_nothing(heads[JOINT[f"{side}_pinky1"]] - heads[JOINT[name]])
    return _palm_normal(side, heads)


def _palm_normal(side: str, heads: Array) -> Array:
    """The way the palm looks, down in a T-pose."""
    wrist, index, pinky = (heads[JOINT[f"{side}_{part}"]] for part in ("wrist", "index1", "pinky1"))
    normal = np.cross(index - wrist, pinky - wrist)
    return _unless_nothing(-normal if side == "left" else normal)


def _unless_nothing(direction: Array) -> Array:
    return normalised(direction) if np.linalg.norm(direction) > 1e-9 else _DOWN
