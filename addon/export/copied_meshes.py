"""The meshes of a character, copied onto the bones of its stand-in."""

from __future__ import annotations

from collections.abc import Iterable

import bpy
import numpy as np
from mathutils import Matrix

from .stand_in import StandIn

_SMOOTHING = ("SUBSURF", "MULTIRES")   # which the program that reads the file can do itself


def meshes_of(character: bpy.types.Object, scene: bpy.types.Scene) -> list[bpy.types.Object]:
    """The meshes that the bones of a character move: those that can be seen, where the character can."""
    meshes = [thing for thing in scene.objects if thing.type == "MESH"
              and (_deforming(thing, character) or _bone_of(thing, character))]  # fmt: skip
    seen = [mesh for mesh in meshes if mesh.visible_get()]
    return seen if character.visible_get() else meshes


def copied_mesh(
    mesh: bpy.types.Object, name: str, character: bpy.types.Object, armature: bpy.types.Object, stand_in: StandIn,
    room: bpy.types.Scene, made: list[bpy.types.ID],
) -> bpy.types.Object:  # fmt: skip
    """A copy on the bones of `armature`, its points where they are at rest; what is new comes into `made`.

    What hung on one bone as a whole, such as an eye, gets all its weight there.
    """
    copy, data = mesh.copy(), _with_modifiers(mesh, room)
    made += [copy, data]
    copy.data, copy.name, data.name = data, name, name
    for modifier in [each for each in copy.modifiers if each.type != "ARMATURE"]:
        copy.modifiers.remove(modifier)
    _forget_motion(copy)
    data.transform(Matrix(stand_in.file_from_object @ np.array(_resting_place(mesh, character))), shape_keys=True)
    copy.parent, copy.parent_type = armature, "OBJECT"
    copy.matrix_parent_inverse = copy.matrix_basis = Matrix()
    for modifier in _deforming(copy, character):
        modifier.object = armature
    if bone := _bone_of(mesh, character):
        _hang_on(copy, armature, _exported(bone, stand_in))
    return copy


def note_of_modifiers(meshes: Iterable[bpy.types.Object]) -> str:
    """What meshes with shape keys go out without, nothing where that is smoothing alone."""
    return " ".join(f"{mesh.name} has shape keys and went out without its modifier {modifier.name}."
                    for mesh in meshes if mesh.data.shape_keys is not None
                    for modifier in _changing(mesh) if modifier.type not in _SMOOTHING)  # fmt: skip


def _changing(mesh: bpy.types.Object) -> list[bpy.types.Modifier]:
    """The modifiers that change the mesh itself: all that are on but for armatures."""
    return [modifier for modifier in mesh.modifiers if modifier.type != "ARMATURE" and modifier.show_viewport]


def _with_modifiers(mesh: bpy.types.Object, room: bpy.types.Scene) -> bpy.types.Mesh:
    """A copy of a mesh's data with its modifiers applied in its own place and size, but for armatures.

    Applied modifiers would cost shape keys: a mesh with these is copied as it is.
    """
    if mesh.data.shape_keys is not None or not _changing(mesh):
        return mesh.data.copy()
    at_rest = mesh.copy()
    try:
        for modifier in at_rest.modifiers:
            modifier.show_viewport &= modifier.type != "ARMATURE"
        room.collection.objects.link(at_rest)
        depsgraph = room.view_layers[0].depsgraph
        depsgraph.update()
        return bpy.data.meshes.new_from_object(at_rest.evaluated_get(depsgraph), preserve_all_data_layers=True,
                                               depsgraph=depsgraph)  # fmt: skip
    finally:
        bpy.data.objects.remove(at_rest)


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
