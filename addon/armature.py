"""An armature of 55 bones for one person, standing on the floor at rest."""

from __future__ import annotations

from collections.abc import Callable

import bpy
import numpy as np

from ..motion.arrays import Array
from ..motion.skeleton import BODY_JOINT_COUNT, JOINT_NAMES, PARENTS, Skeleton
from .bone_layout import bend_directions, bone_tails

# The rest frame has Y up and faces +Z; Blender's people have Z up and face -Y.
R_BLENDER_FROM_REST: Array = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])

BONE_COLLECTIONS: dict[str, tuple[str, ...]] = {
    "Body": JOINT_NAMES[:BODY_JOINT_COUNT],
    "Left Hand": JOINT_NAMES[25:40],
    "Right Hand": JOINT_NAMES[40:],
    "Face": JOINT_NAMES[22:25],
}


def rest_to_blender(points_rest: Array, rest_origin: Array) -> Array:
    """Points of the rest frame [N, 3] m where the armature has them; `rest_origin` [3] comes to lie at its origin."""
    return (points_rest - rest_origin) @ R_BLENDER_FROM_REST.T


def build_armature(name: str, skeleton: Skeleton, rest_origin: Array) -> bpy.types.Object:
    """A new armature object in no collection yet, its bones on the rest joints, turned by quaternions.

    The local X axis of every bone is its bend axis: turning by a positive angle closes elbows, knees and fingers.
    """
    armature = bpy.data.armatures.new(name)
    person = bpy.data.objects.new(name, armature)
    _in_edit_mode(person, lambda: _add_bones(armature, skeleton, rest_origin))
    for bone in person.pose.bones:
        bone.rotation_mode = "QUATERNION"
    for collection_name, bone_names in BONE_COLLECTIONS.items():
        collection = armature.collections.new(collection_name)
        for bone_name in bone_names:
            collection.assign(armature.bones[bone_name])
    person.show_in_front = True
    return person


def _in_edit_mode(person: bpy.types.Object, edit: Callable[[], None]) -> None:
    """Call `edit` while the armature is in edit mode, in a scene of its own.

    So the user's scene keeps its mode, selection and active object, even when that is in edit mode itself.
    """
    workshop = bpy.data.scenes.new(person.name)
    try:
        workshop.collection.objects.link(person)
        view_layer = workshop.view_layers[0]
        view_layer.objects.active = person
        with bpy.context.temp_override(
            scene=workshop, view_layer=view_layer, active_object=person, object=person, edit_object=None
        ):
            bpy.ops.object.mode_set(mode="EDIT")
            edit()
            bpy.ops.object.mode_set(mode="OBJECT")
    finally:
        bpy.data.scenes.remove(workshop)


def _add_bones(armature: bpy.types.Armature, skeleton: Skeleton, rest_origin: Array) -> None:
    heads = rest_to_blender(skeleton.rest_joints, rest_origin)
    tails = rest_to_blender(bone_tails(skeleton), rest_origin)
    bends = bend_directions(skeleton) @ R_BLENDER_FROM_REST.T
    bones = []
    for name, parent, head, tail, bend in zip(JOINT_NAMES, PARENTS, heads, tails, bends, strict=True):
        bone = armature.edit_bones.new(name)
        bone.head, bone.tail = head, tail
        # Local Z along the bend makes local X its axis; the roll counts only once head and tail stand.
        bone.align_roll(bend)
        bone.parent = bones[parent] if parent >= 0 else None
        bones.append(bone)
