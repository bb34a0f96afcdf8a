"""Which unit and which axis up a file has that says neither."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from ..arrays import Array
from ..refusal import Refusal
from .tree import Tree

METRES_PER_UNIT = (1.0, 0.1, 2.54 / 100.0 / 0.45, 0.0254, 0.01, 0.001)   # m, dm, CMU's, inch, cm, mm
HEIGHTS_M = (0.9, 2.3)     # of a figure from its lowest to its highest joint
USUAL_HEIGHT_M = 1.6
COLLAPSED = 0.3            # of the first frame's extent: a rest pose that is lower stands for nobody
UPRIGHT = 0.6              # of the way along the bones from head to feet: a rest pose that is lower lies or crouches
R_Y_UP_FROM_Z_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])

_HEADS = ("head", "skull", "neck")
_FEET = ("foot", "feet", "ankle", "toe")


def metres_per_unit(
    name: str, tree: Tree, rest_joints: Array, first_frame: Array, stated: float | None = None
) -> float:
    """The unit of a figure [N, 3], Y up, in m: one of METRES_PER_UNIT that makes it as tall as a person (HEIGHTS_M).

    Where several do, the one nearest to USUAL_HEIGHT_M by ratio. A unit `stated` by the file comes first.
    Raises Refusal when no unit fits.
    """
    height = _height(tree, rest_joints, first_frame)
    fitting = [unit for unit in METRES_PER_UNIT if HEIGHTS_M[0] <= height * unit <= HEIGHTS_M[1]]
    if stated is not None and HEIGHTS_M[0] <= height * stated <= HEIGHTS_M[1]:
        return stated
    if not fitting:
        raise Refusal("unknown-unit", f"{name} shows a figure {height:.4g} units tall, and no usual unit makes it as "
                      "tall as a person.", "Say how many metres its unit has.")  # fmt: skip
    return min(fitting, key=lambda unit: abs(np.log(height * unit / USUAL_HEIGHT_M)))


def _height(tree: Tree, rest_joints: Array, first_frame: Array) -> float:
    """Of the rest pose; along the bones where that lies or crouches; of the first frame where it is collapsed."""
    height = float(np.ptp(rest_joints[:, 1]))
    along = _along_bones(tree, first_frame)
    if height < UPRIGHT * along:
        return along
    extent = float(np.ptp(first_frame, axis=0).max())
    return extent if height < COLLAPSED * extent else height


def _along_bones(tree: Tree, joints: Array) -> float:
    """The way along the bones between the first joints that are called like heads and feet; 0 without such names."""
    heads, feet = _named(tree.names, _HEADS), _named(tree.names, _FEET)
    if not heads or not feet:
        return 0.0
    length, ends = 0.0, {heads[0], feet[0]}
    while len(ends) > 1:
        joint = max(ends)   # parents come before their children
        ends = ends - {joint} | {tree.parents[joint]}
        length += float(np.linalg.norm(joints[joint] - joints[tree.parents[joint]]))
    return length


def _named(joint_names: Sequence[str], words: tuple[str, ...]) -> list[int]:
    return [joint for joint, name in enumerate(joint_names) if any(word in name.lower() for word in words)]


def turn_to_y_up(joint_names: Sequence[str], rest_joints: Array) -> Array:
    """What turns a file's world [3, 3] so that Y is up: nothing, unless at rest the head is above the feet along Z."""
    heads, feet = _named(joint_names, _HEADS), _named(joint_names, _FEET)
    if not heads or not feet:
        return np.eye(3)
    up = rest_joints[heads].mean(axis=0) - rest_joints[feet].mean(axis=0)
    return R_Y_UP_FROM_Z_UP if up[2] > max(abs(up[0]), abs(up[1])) else np.eye(3)
