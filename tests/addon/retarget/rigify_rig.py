"""A Rigify character, generated once per run by the add-on that Blender brings."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import addon_utils
import bpy

_NAME = "rig"
_FINGERS = [f"{finger}.0{part}" for finger in ("thumb", "f_index", "f_middle", "f_ring", "f_pinky")
            for part in (1, 2, 3)]  # fmt: skip
_LIMBS = ["shoulder", *(f"{part}_fk" for part in ("upper_arm", "forearm", "hand", "thigh", "shin", "foot", "toe"))]
FK_BONES = ("root", "torso", "spine_fk", "spine_fk.001", "spine_fk.002", "spine_fk.003", "neck", "head",
            *(f"{name}.{side}" for side in "LR" for name in (*_LIMBS, *_FINGERS)))  # fmt: skip


def rigify_character() -> bpy.types.Object:
    """A generated human control rig of 706 bones, as new, on an otherwise empty scene; rig units are metres."""
    return _shown(_loaded(is_linked=False))


def rigify_override() -> bpy.types.Object:
    """The same as a library override: its armature, widgets and rest pose are linked from another file."""
    linked = _loaded(is_linked=True)
    bpy.context.collection.objects.link(linked)
    return _shown(linked.override_create(remap_local_usages=True))


def _loaded(is_linked: bool) -> bpy.types.Object:
    kept = kept_rig()
    _empty_scene()
    with bpy.data.libraries.load(str(kept), link=is_linked) as (_, wanted):
        wanted.objects = [_NAME]
    return bpy.data.objects[_NAME]


def _shown(character: bpy.types.Object) -> bpy.types.Object:
    if character.name not in bpy.context.collection.objects:
        bpy.context.collection.objects.link(character)
    bpy.context.view_layer.objects.active = character
    bpy.context.view_layer.update()
    return character


@functools.cache
def kept_rig() -> Path:
    """A file with the rig as generated."""
    _empty_scene()
    # Generating reads the preferences of the add-on, which are there only where it is enabled for good.
    addon_utils.enable("rigify", default_set=True)
    bpy.ops.object.armature_human_metarig_add()
    bpy.ops.pose.rigify_generate()
    path = Path(tempfile.mkdtemp(prefix="rigify-")) / "rig.blend"
    bpy.data.libraries.write(str(path), {bpy.data.objects[_NAME]}, fake_user=True)
    addon_utils.disable("rigify", default_set=True)
    return path


def _empty_scene() -> None:
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
