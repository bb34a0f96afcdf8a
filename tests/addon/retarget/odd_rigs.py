"""Small rigs that hang their bones on each other in ways that parents do not show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import bpy
import numpy as np
from mambocap.motion.arrays import Array
from mambocap.motion.retarget.mapping.rig_mapping import RigMapping

from tests.addon.retarget.made_up_armature import in_edit_mode

_Place = tuple[float, float, float]
_Row = tuple[str, _Place, _Place, float]    # parent or "", head, tail, roll rad
ARM_ROWS: dict[str, _Row] = {
    "root": ("", (0.0, 0.0, 0.0), (0.0, 0.3, 0.0), 0.0),
    "hips": ("root", (0.0, 0.05, 0.9), (0.0, 0.02, 1.1), 0.3),
    "chest": ("hips", (0.0, 0.02, 1.1), (0.0, 0.0, 1.45), -0.4),
    "arm": ("chest", (0.2, 0.0, 1.4), (0.5, 0.03, 1.38), 1.1),
    "forearm": ("arm", (0.5, 0.03, 1.38), (0.75, 0.0, 1.4), 0.7),
    "hand": ("forearm", (0.75, 0.0, 1.4), (0.85, 0.0, 1.42), 0.1),
}
ARM_BONES = tuple(ARM_ROWS)
ARM = RigMapping({"root": ("root",), "hips": ("hips",), "spine": ("chest",), "left_upper_arm": ("arm",),
                  "left_forearm": ("forearm",), "left_hand": ("hand",)})  # fmt: skip


def arm_rig(more: Mapping[str, _Row] | None = None, name: str = "Arm") -> bpy.types.Object:
    """A trunk with one arm, and more bones or others of the same names. Rig units."""
    character = bpy.data.objects.new(name, bpy.data.armatures.new(name))
    bpy.context.scene.collection.objects.link(character)
    in_edit_mode(character, lambda: _add(character.data, {**ARM_ROWS, **(more or {})}))
    bpy.context.view_layer.update()
    return character


def hinged_rig() -> bpy.types.Object:
    """An arm that does not turn with the chest, and a hand whose location is not said in its own axes."""
    character = arm_rig()
    character.data.bones["arm"].use_inherit_rotation = False
    character.data.bones["hand"].use_local_location = False
    return character


def indirect_rig() -> bpy.types.Object:
    """An arm on a bone without parent that copies one on the chest; a hand on one that only its place hangs on."""
    beside = ((0.2, 0.0, 1.4), (0.3, 0.1, 1.4), 0.2)
    lies = ((0.75, 0.0, 1.4), (0.75, 0.2, 1.4), 0.9)
    character = arm_rig({
        "on_chest": ("chest", *beside), "copying": ("", *beside), "arm": ("copying", *ARM_ROWS["arm"][1:]),
        "on_forearm": ("forearm", *lies), "placed": ("root", *lies), "hand": ("placed", *ARM_ROWS["hand"][1:]),
    })  # fmt: skip
    constrained(character, "copying", "COPY_TRANSFORMS", "on_chest")
    constrained(character, "placed", "COPY_LOCATION", "on_forearm")
    return character


def reached_rig(chain_count: int = 2) -> bpy.types.Object:
    """A plain arm whose hand an IK constraint keeps at a bone of its own."""
    character = arm_rig({"reach": ("root", (0.7, -0.2, 1.3), (0.7, -0.1, 1.3), 0.0)})
    constrained(character, "forearm", "IK", "reach", chain_count=chain_count)
    return character


def constrained(character: bpy.types.Object, bone: str, kind: str, target: str, **settings: object) -> None:
    made = character.pose.bones[bone].constraints.new(kind)
    made.target, made.subtarget = character, target
    for name, value in settings.items():
        setattr(made, name, value)


def shown(character: bpy.types.Object, names: Sequence[str]) -> tuple[Array, Array]:
    """R_rig_from_bone [K, 3, 3] and heads [K, 3] rig units, as Blender evaluates them."""
    evaluated = character.evaluated_get(bpy.context.evaluated_depsgraph_get())
    matrices = np.array([evaluated.pose.bones[name].matrix for name in names])
    axes = matrices[:, :3, :3]
    return axes / np.linalg.norm(axes, axis=1, keepdims=True), matrices[:, :3, 3]


def _add(armature: bpy.types.Armature, rows: Mapping[str, _Row]) -> None:
    for name, (_, head, tail, roll_rad) in rows.items():
        bone = armature.edit_bones.new(name)
        bone.head, bone.tail, bone.roll = head, tail, roll_rad
    for name, (parent, *_) in rows.items():
        armature.edit_bones[name].parent = armature.edit_bones.get(parent)
