"""The meshes of a character, copied onto the bones of its stand-in."""

from __future__ import annotations

import bpy
import numpy as np
from mathutils import Matrix

from .stand_in import StandIn


def meshes_of(character: bpy.types.Object, scene: bpy.types.Scene) -> list[bpy.types.Object]:
    """The meshes that the bones of a character move: those that can be seen, where the character can."""
    meshes = [thing for thing in scene.objects if thing.type == "MESH"
              and (_deforming(thing, character) or _bone_of(thing, character))]  # fmt: skip
    seen = [mesh for mesh in meshes if mesh.visible_get()]
    return seen if character.visible_get() else meshes


def copied_mesh(
    mesh: bpy.types.Object, name: str, character: bpy.types.Object, armature: bpy.types.Object, stand_in: StandIn,
    made: list[bpy.types.ID],
) -> bpy.types.Object:  # fmt: skip
    """A copy on the bones of `armature`, its points where they are at rest; what is new comes into `made`.

    What hung on one bone as a whole, such as an eye, gets all its weight there.
    """
    copy, data = mesh.copy(), mesh.data.copy()
    made += [copy, data]
    copy.data, copy.name, data.name = data, name, name
    _forget_motion(copy)
    data.transform(Matrix(stand_in.file_from_object @ np.array(_resting_place(mesh, character))), shape_keys=True)
    copy.parent, copy.parent_type = armature, "OBJECT"
    copy.matrix_parent_inverse = copy.matrix_basis = Matrix()
    for modifier in _deforming(copy, character):
        modifier.object = armature
    if bone := _bone_of(mesh, character):
        _hang_on(copy, armature, _exported(bone, stand_in))
    return copy


def _forget_motion(copy: bpy.types.Object) -> None:
    copy.animation_data_clear()
    for constraint in list(copy.constraints):
        copy.constraints.remove(constraint)


def _deforming(mesh: bpy.types.Object, character: bpy.types.Object) -> list[bpy.types.Modifier]:
    return [modifier for modifier in mesh.modifiers if modifier.type == "ARMATURE" and modifier.object == character]


def _bone_of(mesh: bpy.types.Object, character: bpy.types.Object) -> bpy.types.Bone | None:
    """The bone that carries a mesh as a whole."""
    is_carried = mesh.parent == character and mesh.parent_type == "BONE" and not _deforming(mesh, character)
    return character.data.bones.get(mesh.parent_bone) if is_carried else None


def _resting_place(mesh: bpy.types.Object, character: bpy.types.Object) -> Matrix:
    """Where a mesh lies in the character's object while all bones rest."""
    own = mesh.matrix_parent_inverse @ mesh.matrix_basis
    if (bone := _bone_of(mesh, character)) is not None:
        return bone.matrix_local @ Matrix.Translation((0.0, bone.length, 0.0)) @ own   # bones carry by their tails
    is_child = mesh.parent == character and mesh.parent_type in {"OBJECT", "ARMATURE"}
    return own if is_child else character.matrix_world.inverted() @ mesh.matrix_world


def _exported(bone: bpy.types.Bone, stand_in: StandIn) -> str:
    while bone.name not in stand_in.names and bone.parent is not None:
        bone = bone.parent
    return bone.name if bone.name in stand_in.names else stand_in.names[0]


def _hang_on(copy: bpy.types.Object, armature: bpy.types.Object, bone: str) -> None:
    copy.vertex_groups.clear()
    copy.vertex_groups.new(name=bone).add(range(len(copy.data.vertices)), 1.0, "REPLACE")
    copy.modifiers.new("Armature", "ARMATURE").object = armature
