"""Which joints' turns a recording holds, and which its makers left at rest."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..rotations import axis_angle_from_matrix
from ..skeleton import BODY_JOINT_COUNT, JOINT_NAMES, PARENTS
from .source import Source

_CONSTANT_RAD = np.radians(0.3)
# Legs, arms and trunk may rest for a whole clip; that these do while others move is no chance.
_MAY_BE_LEFT_OUT = ("neck", "head", "collar", "wrist", "foot")


def recorded_joints(source: Source) -> tuple[bool, ...]:
    """22 truths: whether a joint is there, not known to be noisy, and not fixed to its parent while others move."""
    fixed = {joint: _is_fixed(source, joint) for joint in JOINT_NAMES[:BODY_JOINT_COUNT] if source.has(joint)}
    moves = not all(fixed.values())
    return tuple(_is_recorded(joint, fixed, moves, source) for joint in JOINT_NAMES[:BODY_JOINT_COUNT])


def _is_recorded(joint: str, fixed: dict[str, bool], moves: bool, source: Source) -> bool:
    if joint.startswith("spine"):
        return True
    known = source.has(joint) and joint not in source.naming.noisy
    return known and not (moves and fixed[joint] and joint.split("_")[-1] in _MAY_BE_LEFT_OUT)


def _is_fixed(source: Source, joint: str) -> bool:
    turn = np.swapaxes(_parent_turn(source, joint), -1, -2) @ source.turn(joint)
    moved = axis_angle_from_matrix(np.swapaxes(turn[:1], -1, -2) @ turn)
    return bool(np.linalg.norm(moved, axis=-1).max() < _CONSTANT_RAD)


def _parent_turn(source: Source, joint: str) -> Array:
    """[T, 3, 3] of the recorded joint that stands for our joint's parent."""
    parent = JOINT_NAMES[PARENTS[JOINT_NAMES.index(joint)]] if joint != "pelvis" else ""
    if parent.startswith("spine"):
        return source.turns[:, source.naming.spine[-1]]
    if joint.endswith("wrist") and source.has(joint.replace("wrist", "forearm")):
        return source.turn(joint.replace("wrist", "forearm"))
    if parent and not source.has(parent):
        return _parent_turn(source, parent)
    return source.turn(parent) if parent else np.broadcast_to(np.eye(3), (len(source.turns), 3, 3))
