"""Made-up characters as Blender objects, and Rigify's own human; needs bpy."""

from __future__ import annotations

from collections.abc import Sequence

import addon_utils
import bpy
import numpy as np
from mathutils import Matrix

from .made_up_rig import MadeUpRig, RigConstraint


def build(made_up: MadeUpRig) -> bpy.types.Object:
    """A new armature in the scene, in rest pose, as the program's importer would leave it."""
    armature = bpy.data.objects.new(made_up.title, bpy.data.armatures.new(made_up.title))
    bpy.context.scene.collection.objects.link(armature)
    armature.matrix_world = _world_from_rig(made_up)
    _add_bones(armature, made_up)
    for bone, name, value in made_up.switches:
        pose_bone = armature.pose.bones[bone]
        pose_bone[name] = value
        pose_bone.id_properties_ui(name).update(min=0.0, max=1.0)
    for constraint in made_up.constraints:
        _add_constraint(armature, constraint)
    bpy.context.view_layer.update()
    return armature


def _world_from_rig(made_up: MadeUpRig) -> Matrix:
    world_from_rig = np.eye(4)
    world_from_rig[:3, :3] = made_up.object_scale * made_up.object_turn
    world_from_rig[:3, 3] = made_up.object_place
    return Matrix(world_from_rig.tolist())


def _add_bones(armature: bpy.types.Object, made_up: MadeUpRig) -> None:
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    try:
        for bone in made_up.bones:
            edit_bone = armature.data.edit_bones.new(bone.name)
            edit_bone.head, edit_bone.tail, edit_bone.roll = bone.head, bone.tail, bone.roll_rad
            edit_bone.parent = armature.data.edit_bones.get(bone.parent)
            edit_bone.use_deform, edit_bone.use_inherit_rotation = bone.deform, bone.inherit_rotation
    finally:
        bpy.ops.object.mode_set(mode="OBJECT")


def _add_constraint(armature: bpy.types.Object, wanted: RigConstraint) -> None:
    constraint = armature.pose.bones[wanted.bone].constraints.new(wanted.kind)
    constraint.target, constraint.subtarget = armature, wanted.target
    if wanted.kind == "IK":
        constraint.chain_count = wanted.chain_count
    bone, name = wanted.switch
    if not bone:
        return
    driver = constraint.driver_add("influence").driver
    variable = driver.variables.new()
    variable.name = "switch"
    variable.targets[0].id = armature
    variable.targets[0].data_path = f'pose.bones["{bone}"]["{name}"]'
    driver.expression = "1 - switch" if wanted.switched_off_at == 1.0 else "switch"


def rigify_human() -> tuple[bpy.types.Object, bpy.types.Object]:
    """The control rig that Rigify generates and the metarig from which it did; takes 7 s."""
    addon_utils.enable("rigify", default_set=True)
    bpy.ops.object.armature_human_metarig_add()
    metarig = bpy.context.object
    bpy.ops.pose.rigify_generate()
    return next(ob for ob in bpy.data.objects if ob.type == "ARMATURE" and ob != metarig), metarig


def add_sticks(armature: bpy.types.Object, bones: Sequence[str], thickness_m: float = 0.02) -> bpy.types.Object:
    """A mesh that shows bones, one stick each from head to tail, moved by the armature as a skin is."""
    corners, faces, groups = [], [], []
    width = thickness_m / armature.matrix_world.median_scale
    for name in bones:
        bone = armature.data.bones[name]
        rest, long = np.array(bone.matrix_local), bone.length
        stick = np.array([[0, 0, 0], [width, 0.2 * long, 0], [0, 0.2 * long, width], [-width, 0.2 * long, 0],
                          [0, 0.2 * long, -width], [0, long, 0]])  # fmt: skip
        first = len(corners)
        corners += (stick @ rest[:3, :3].T + rest[:3, 3]).tolist()
        faces += [(first + tip, first + 1 + i, first + 1 + (i + 1) % 4) for tip in (0, 5) for i in range(4)]
        groups.append((name, list(range(first, first + len(stick)))))
    mesh = bpy.data.meshes.new(f"{armature.name} sticks")
    mesh.from_pydata(corners, [], faces)
    sticks = bpy.data.objects.new(mesh.name, mesh)
    bpy.context.scene.collection.objects.link(sticks)
    sticks.parent = armature
    for name, vertices in groups:
        sticks.vertex_groups.new(name=name).add(vertices, 1.0, "REPLACE")
    sticks.modifiers.new("Armature", "ARMATURE").object = armature
    return sticks
