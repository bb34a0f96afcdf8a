"""A stand-in as objects of Blender in a scene of its own, for Blender's exporters."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix, Vector

from ...motion.arrays import Array
from ...motion.rotations import same_half_sphere
from ..curves import Keys
from .copied_meshes import copied_mesh
from .seen_motion import workshop
from .stand_in import Layout, StandIn, basis_of

_SHORTEST = 1e-3   # of the longest bone; Blender 4.2 takes bones without length away


@dataclass(frozen=True, eq=False)
class Built:
    """What an exporter finds."""

    scene: bpy.types.Scene
    armature: bpy.types.Object
    meshes: tuple[bpy.types.Object, ...]

    @property
    def action(self) -> bpy.types.Action:
        return self.armature.animation_data.action

    @contextlib.contextmanager
    def in_context(self) -> Iterator[None]:
        """Operators see this scene, with all of it selected; the window shows what it showed."""
        window, layer = bpy.context.window, self.scene.view_layers[0]
        shown = window.scene if window is not None else None
        things = [self.armature, *self.meshes]
        for thing in things:
            thing.select_set(True, view_layer=layer)
        layer.objects.active = self.armature
        try:
            with bpy.context.temp_override(
                scene=self.scene, view_layer=layer, active_object=self.armature, object=self.armature, edit_object=None,
                selected_objects=things, mode="OBJECT",
            ):  # fmt: skip
                yield
        finally:
            if window is not None and window.scene != shown:   # the exporter of glTF shows what it exports
                window.scene = shown


@contextlib.contextmanager
def built(
    character: bpy.types.Object, meshes: Sequence[bpy.types.Object], stand_in: StandIn, layout: Layout,
    scene: bpy.types.Scene, name: str, object_name: str | None = None,
) -> Iterator[Built]:  # fmt: skip
    """Build a stand-in with copies of `meshes`, named as what it stands for; nothing of it is left afterwards.

    `name` is that of the motion, which some formats take from the scene and some from the action.
    """
    made: list[bpy.types.ID] = []
    with workshop(scene, name) as room, _names_lent([character, *meshes]) as names:
        try:
            armature = _armature(object_name or names[0], stand_in, layout, room, made)
            _key(armature, stand_in, name, made)
            copies = [copied_mesh(mesh, own, character, armature, stand_in, room, made)
                      for mesh, own in zip(meshes, names[1:])]  # fmt: skip
            for copy in copies:
                room.collection.objects.link(copy)
            frames = stand_in.motion.frames
            room.frame_start, room.frame_end = int(frames[0]), int(frames[-1])
            room.frame_set(int(frames[0]))
            yield Built(room, armature, tuple(copies))
        finally:
            bpy.data.batch_remove(made)


@contextlib.contextmanager
def _names_lent(things: Sequence[bpy.types.Object]) -> Iterator[list[str]]:
    """Names of objects and their data are free for others meanwhile. Gives the objects' names."""
    own = list(dict.fromkeys(item for thing in things for item in (thing, thing.data) if item.library is None))
    names = {item: item.name for item in own}
    given = [thing.name for thing in things]
    for number, item in enumerate(own):
        item.name = f".mambocap {number}"
    try:
        yield given
    finally:
        for item, name in names.items():
            item.name = name


def _armature(
    name: str, stand_in: StandIn, layout: Layout, room: bpy.types.Scene, made: list[bpy.types.ID]
) -> bpy.types.Object:  # fmt: skip
    armature = bpy.data.armatures.new(name)
    thing = bpy.data.objects.new(name, armature)
    made += [thing, armature]
    room.collection.objects.link(thing)
    layer = room.view_layers[0]
    layer.objects.active = thing
    with bpy.context.temp_override(scene=room, view_layer=layer, active_object=thing, object=thing, edit_object=None,
                                   mode="OBJECT"):  # fmt: skip
        bpy.ops.object.mode_set(mode="EDIT")
        _add_bones(armature, stand_in)
        bpy.ops.object.mode_set(mode="OBJECT")
    thing.matrix_world = Matrix(layout.world_from_file())
    return thing


def _add_bones(armature: bpy.types.Armature, stand_in: StandIn) -> None:
    lengths = np.maximum(stand_in.lengths, _SHORTEST * stand_in.lengths.max())
    made: list[bpy.types.EditBone] = []
    for name, parent, rest, length in zip(stand_in.names, stand_in.parents, stand_in.rest, lengths):
        bone = armature.edit_bones.new(name)
        bone.head, bone.tail = Vector(rest[:3, 3]), Vector(rest[:3, 3] + length * rest[:3, 1])
        bone.align_roll(Vector(rest[:3, 2]))
        bone.parent = made[parent] if parent >= 0 else None
        made.append(bone)


def _key(armature: bpy.types.Object, stand_in: StandIn, name: str, made: list[bpy.types.ID]) -> None:
    rest = np.array([armature.data.bones[bone].matrix_local for bone in stand_in.names], dtype=np.float64)
    wxyz, locations, sizes = basis_of(stand_in, rest)
    wxyz = same_half_sphere(wxyz)
    keys, frames = Keys(armature, name), stand_in.motion.frames.astype(float)
    made.append(keys.action)
    for place, bone in enumerate(stand_in.names):
        armature.pose.bones[bone].rotation_mode = "QUATERNION"
        _add_curves(keys, bone, "rotation_quaternion", frames, wxyz[:, place])
        _add_curves(keys, bone, "location", frames, locations[:, place])
        if stand_in.is_resized:
            _add_curves(keys, bone, "scale", frames, np.repeat(sizes[:, place, None], 3, axis=1))
    action = keys.action
    action.use_frame_range, action.frame_start, action.frame_end = True, frames[0], frames[-1]


def _add_curves(keys: Keys, bone: str, channel: str, frames: Array, values: Array) -> None:
    for index in range(values.shape[1]):
        keys.add(f'pose.bones["{bpy.utils.escape_identifier(bone)}"].{channel}', index, bone, frames, values[:, index])
