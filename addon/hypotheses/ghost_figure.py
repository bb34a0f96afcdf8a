"""Stick figures of a person's armature, of the pose that Blender shows and of any that curves say, one frame at a time.

Nothing of a whole clip is worked out and nothing is remembered: five figures take about a millisecond, and what an
artist does to keys or bones is seen at once and undone with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import bpy
import numpy as np

from ...motion.arrays import Array, Indices
from ...motion.rotations import matrix_from_quaternion
from ...motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_NAMES, PARENTS

BONES = JOINT_NAMES[:BODY_JOINT_COUNT]
_ENDS = tuple(JOINT[name] for name in ("head", "left_wrist", "right_wrist", "left_foot", "right_foot"))
POINTS = BODY_JOINT_COUNT + len(_ENDS)   # where bones begin, and where those end on which none follows
# The two points of each line of a figure.
LINES: Indices = np.array([*((PARENTS[joint], joint) for joint in range(1, BODY_JOINT_COUNT)),
                         *((joint, BODY_JOINT_COUNT + place) for place, joint in enumerate(_ENDS))])  # fmt: skip
JOINT_OF_POINT: Indices = np.array([*range(BODY_JOINT_COUNT), *_ENDS])
_LOCATION = 'pose.bones["pelvis"].location'
_TURNS: Mapping[str, int] = MappingProxyType({f'pose.bones["{name}"].rotation_quaternion': joint
                                              for joint, name in enumerate(BONES)})  # fmt: skip


def shown_figure(person: bpy.types.Object) -> Array:
    """[27, 3] m in the armature's own space, as posed now by whatever poses it."""
    bones = [person.pose.bones[name] for name in BONES]
    return np.array([*(bone.head for bone in bones), *(bones[joint].tail for joint in _ENDS)])


def posed_by(curves: Iterable[bpy.types.FCurve], frame: float) -> tuple[Array, Array]:
    """What curves of bones say at one of their frames: quaternions [22, 4] against rest and the pelvis' location [3].

    Bones without curves stand as at rest.
    """
    wxyz, location = np.tile([1.0, 0.0, 0.0, 0.0], (BODY_JOINT_COUNT, 1)), np.zeros(3)
    missing = wxyz.size + location.size
    for curve in curves:
        path = curve.data_path
        if (joint := _TURNS.get(path)) is not None:
            wxyz[joint, curve.array_index] = curve.evaluate(frame)
        elif path == _LOCATION:
            location[curve.array_index] = curve.evaluate(frame)
        else:
            continue
        missing -= 1
        if not missing:   # fingers and face come last, and are most of the curves
            break
    return wxyz, location


def posed_figures(armature: bpy.types.Armature, wxyz: Array, locations: Array) -> Array:
    """[G, 27, 3] m of bones turned by quaternions [G, 22, 4] against rest, the pelvis moved by `locations` [G, 3].

    Both are in the bones' own axes, as Blender keeps them.
    """
    bones = [armature.bones[name] for name in BONES]
    rest = np.array([bone.matrix_local for bone in bones])
    rest[1:] = np.linalg.inv(rest[list(PARENTS[1:BODY_JOINT_COUNT])]) @ rest[1:]   # against the parents from here on
    basis = np.tile(np.eye(4), (len(wxyz), BODY_JOINT_COUNT, 1, 1))
    basis[..., :3, :3] = matrix_from_quaternion(wxyz)
    basis[:, 0, :3, 3] = locations
    placed = rest @ basis
    for joint in range(1, BODY_JOINT_COUNT):
        placed[:, joint] = placed[:, PARENTS[joint]] @ placed[:, joint]
    lengths = np.array([bones[joint].length for joint in _ENDS])
    last = placed[:, list(_ENDS)]
    ends = last[..., :3, 3] + lengths[:, None] * last[..., :3, 1]
    return np.concatenate([placed[..., :3, 3], ends], axis=1)
