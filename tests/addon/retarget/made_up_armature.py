"""Armatures of made-up bones for the tests of retargeting in Blender."""

from __future__ import annotations

import bpy
import numpy as np
from mambocap.motion.arrays import Array
from mambocap.motion.retarget.rig.rig_keys import RigKeys
from mambocap.motion.rotations import matrix_from_axis_angle
from mathutils import Matrix


def wild_armature(bones: int = 12, seed: int = 0, name: str = "Wild") -> bpy.types.Object:
    """A tree of bones that lie anyhow, as an object in the scene that is moved, turned and scaled.

    Every third bone does not inherit rotation, every fourth says its location in its parent's axes; a mode each.
    """
    rng = np.random.default_rng(seed)
    thing = bpy.data.objects.new(name, bpy.data.armatures.new(name))
    bpy.context.scene.collection.objects.link(thing)
    in_edit_mode(thing, lambda: _add_bones(thing.data, bones, rng))
    modes = ("QUATERNION", "XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX", "AXIS_ANGLE")
    for index, bone in enumerate(thing.data.bones):
        bone.use_inherit_rotation = index % 3 != 2
        bone.use_local_location = index % 4 != 3
        thing.pose.bones[bone.name].rotation_mode = modes[index % len(modes)]
    thing.matrix_world = Matrix.LocRotScale((1.0, -2.0, 0.5), Matrix.Rotation(0.8, 3, (1.0, 2.0, 3.0)), (0.4,) * 3)
    bpy.context.view_layer.update()
    return thing


def in_edit_mode(thing: bpy.types.Object, edit) -> None:
    bpy.context.view_layer.objects.active = thing
    bpy.ops.object.mode_set(mode="EDIT")
    edit()
    bpy.ops.object.mode_set(mode="OBJECT")


def _add_bones(armature: bpy.types.Armature, count: int, rng: np.random.Generator) -> None:
    for index in range(count):
        bone = armature.edit_bones.new(f'bone "{index}"')   # quotes, since names are free
        bone.head = rng.normal(size=3)
        bone.tail = bone.head + type(bone.head)(rng.normal(size=3))
        bone.roll = rng.uniform(-3.0, 3.0)
        if index:
            bone.parent = armature.edit_bones[rng.integers(0, index)]


def wild_keys(names: list[str], frames: int, seed: int = 1) -> RigKeys:
    """Every bone turns all ways round by its own tune; every second one moves."""
    rng = np.random.default_rng(seed)
    times = np.arange(frames)[:, None, None] / 30.0
    tunes = rng.uniform(0.2, 2.0, (1, len(names), 3)) * times + rng.uniform(0.0, 6.0, (1, len(names), 3))
    R = matrix_from_axis_angle(2.0 * rng.normal(size=(1, len(names), 3)) * np.sin(tunes))
    moves = np.arange(len(names)) % 2 == 0
    return RigKeys(tuple(names), R, np.sin(1.7 * tunes) * moves[:, None], moves)


def shown_bones(thing: bpy.types.Object, frame: int, names: list[str]) -> tuple[Array, Array]:
    """R_rig_from_bone [B, 3, 3] and heads [B, 3] as Blender evaluates them at a scene frame."""
    bpy.context.scene.frame_set(frame)
    pose = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).pose
    matrices = np.array([pose.bones[name].matrix for name in names])
    return matrices[:, :3, :3], matrices[:, :3, 3]


def curves_of_action(action: bpy.types.Action) -> list[bpy.types.FCurve]:
    if hasattr(action, "layers"):
        return list(action.layers[0].strips[0].channelbags[0].fcurves)
    return list(action.fcurves)
