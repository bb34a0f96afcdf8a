"""Made-up characters as Blender objects, and Rigify's own human; needs bpy."""

from __future__ import annotations

import addon_utils
import bpy
import numpy as np
from mathutils import Matrix

from motion.arrays import Array

from .made_up_rig import MadeUpRig, RigBone, RigConstraint, axes_of


def build(made_up: MadeUpRig, skinned: bool = False) -> bpy.types.Object:
    """A new armature in the scene, in rest pose, as the program's importer would leave it; `skinned`: with a mesh."""
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
    if skinned:
        add_skin(armature, made_up)
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
        if wanted.pole:
            constraint.pole_target, constraint.pole_subtarget = armature, wanted.pole
            constraint.pole_angle = _pole_angle(armature, wanted)
    bone, name = wanted.switch
    if not bone:
        return
    driver = constraint.driver_add("influence").driver
    variable = driver.variables.new()
    variable.name = "switch"
    variable.targets[0].id = armature
    variable.targets[0].data_path = f'pose.bones["{bone}"]["{name}"]'
    driver.expression = "1 - switch" if wanted.switched_off_at == 1.0 else "switch"


def _pole_angle(armature: bpy.types.Object, wanted: RigConstraint) -> float:
    """The angle, rad, at which the limb is bent as at rest: from its first bone's X to the pole, about the bone."""
    lower = armature.data.bones[wanted.bone]
    upper, pole = lower.parent, armature.data.bones[wanted.pole].head_local
    along = upper.tail_local - upper.head_local
    across = (lower.tail_local - upper.head_local).cross(pole - upper.head_local).cross(along)
    x = upper.matrix_local.col[0].xyz
    angle = x.angle(across)
    return angle if x.cross(across).dot(along) < 0.0 else -angle


def rigify_human() -> tuple[bpy.types.Object, bpy.types.Object]:
    """The control rig that Rigify generates and the metarig from which it did; takes 7 s."""
    addon_utils.enable("rigify", default_set=True)
    bpy.ops.object.armature_human_metarig_add()
    metarig = bpy.context.object
    bpy.ops.pose.rigify_generate()
    return metarig.data.rigify_target_rig, metarig


def add_skin(armature: bpy.types.Object, made_up: MadeUpRig, thickness_m: float = 0.02) -> bpy.types.Object:
    """A mesh that the armature bends: a stick from joint to joint for each bone that deforms, and the soles."""
    vertices, faces, groups = [], [], {}
    for bone in made_up.bones:
        if bone.deform and not _is_root(made_up, bone):
            corners = _stick(bone.head, made_up.end_of(bone), thickness_m / made_up.object_scale)
            groups[bone.name] = list(range(len(vertices), len(vertices) + 6))
            faces += [(len(vertices) + tip, len(vertices) + 1 + i, len(vertices) + 1 + (i + 1) % 4)
                      for tip in (0, 5) for i in range(4)]  # fmt: skip
            vertices += corners.tolist()
    for name, point in made_up.soles.items():
        groups[made_up.bone_of_sole(name)].append(len(vertices))
        vertices.append(point.tolist())
    return _bent(armature, vertices, faces, groups)


def _is_root(made_up: MadeUpRig, bone: RigBone) -> bool:
    return bone.name in made_up.slots.get("root", ())


def _stick(head: Array, end: Array, width: float) -> Array:
    """The corners [6, 3] of a long octahedron."""
    R = axes_of((end - head)[None], np.zeros(1))[0]
    ring = np.array([[1, 0, 0], [0, 0, 1], [-1, 0, 0], [0, 0, -1]]) * min(width, 0.2 * np.linalg.norm(end - head))
    return np.vstack([head, head + 0.2 * (end - head) + ring @ R.T, end])


def _bent(
    armature: bpy.types.Object, vertices: list[list[float]], faces: list[tuple[int, ...]], groups: dict[str, list[int]]
) -> bpy.types.Object:
    mesh = bpy.data.meshes.new(f"{armature.name} Skin")
    mesh.from_pydata(vertices, [], faces)
    skin = bpy.data.objects.new(mesh.name, mesh)
    bpy.context.scene.collection.objects.link(skin)
    skin.parent = armature
    for name, chosen in groups.items():
        skin.vertex_groups.new(name=name).add(chosen, 1.0, "REPLACE")
    skin.modifiers.new("Armature", "ARMATURE").object = armature
    return skin
