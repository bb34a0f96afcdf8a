"""The numbers by which bones are posed: what they are called, and all of a character's at once."""

from __future__ import annotations

import bpy
import numpy as np

from ....motion.arrays import Array

# By name, how many numbers each has.
CHANNELS = {"location": 3, "rotation_quaternion": 4, "rotation_euler": 3, "rotation_axis_angle": 4, "scale": 3}
_ROTATIONS = {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}


def rotation_property(rotation_mode: str) -> str:
    """The property that a rotation mode makes Blender obey."""
    return _ROTATIONS.get(rotation_mode, "rotation_euler")


def pose_of(character: bpy.types.Object) -> dict[str, Array]:
    """All channels of all bones, by the name of the property."""
    pose = {}
    for name, size in CHANNELS.items():
        pose[name] = np.empty(size * len(character.pose.bones), dtype=np.float32)
        character.pose.bones.foreach_get(name, pose[name])
    return pose


def write_pose(character: bpy.types.Object, pose: dict[str, Array]) -> None:
    """Give the bones these channels again; whoever calls tells Blender to update."""
    for name, values in pose.items():
        character.pose.bones.foreach_set(name, values)
