"""An export only looks: scene, selection, mode, names and poses without a key stay."""

from __future__ import annotations

from fractions import Fraction

import bpy
import pytest
from mambocap.addon.export.export_choices import ExportChoices
from mambocap.addon.export.export_motion import export_motion
from mambocap.addon.export.kept_values import values_kept

from tests.addon.export import characters

pytest_plugins = ["tests.addon.in_blender"]


@pytest.mark.parametrize("format_", ["FBX", "GLTF", "USD", "BVH", "AMASS"])
def test_nothing_in_the_scene_changes(tmp_path, format_):
    scene = characters.new_scene_at(Fraction(30))
    person, other = characters.light_person(scene), characters.mixamo_character(scene)
    scene.frame_set(9, subframe=0.25)
    bpy.context.view_layer.objects.active = person
    person.select_set(True)
    other.hide_set(True)
    bpy.ops.object.mode_set(mode="POSE")
    person.pose.bones["left_knee"].rotation_quaternion = (0.8, 0.6, 0.0, 0.0)   # a pose without a key
    bpy.context.view_layer.update()
    before = _state()
    export_motion(person, tmp_path / f"a{ExportChoices(format_).kind.suffix}", ExportChoices(format_), bpy.context)
    assert _state() == before
    assert [path.name for path in tmp_path.iterdir()] == [f"a{ExportChoices(format_).kind.suffix}"]


def _state() -> dict[str, object]:
    scene, layer = bpy.context.scene, bpy.context.view_layer
    poses = {thing.name: [[tuple(bone.matrix_basis.col[n]) for n in range(4)] for bone in thing.pose.bones]
             for thing in bpy.data.objects if thing.type == "ARMATURE"}  # fmt: skip
    heads = {thing.name: [tuple(bone.matrix.translation) for bone in thing.pose.bones]
             for thing in layer.objects if thing.type == "ARMATURE" and thing.visible_get()}  # fmt: skip
    return {
        "scene": scene.name, "window": bpy.context.window.scene.name, "mode": bpy.context.mode,
        "frame": (scene.frame_current, scene.frame_subframe, scene.frame_start, scene.frame_end),
        "active": layer.objects.active.name, "selected": [thing.name for thing in layer.objects.selected],
        "hidden": [thing.name for thing in layer.objects if thing.hide_get()], "poses": poses, "heads": heads,
        "things": {kind: [item.name for item in getattr(bpy.data, kind)] for kind in
                   ("scenes", "objects", "armatures", "meshes", "actions", "materials", "collections", "images")},
    }  # fmt: skip


def test_values_of_all_kinds_of_keys_come_back():
    scene = characters.new_scene_at(Fraction(30))
    thing = bpy.data.objects.new("Thing", None)
    scene.collection.objects.link(thing)
    thing["switch"] = 1
    for frame in (1, 20):
        thing.location.x, thing.empty_display_size, thing["switch"], thing.hide_render = frame, frame, frame, frame > 9
        for path in ("location", "empty_display_size", '["switch"]', "hide_render"):
            thing.keyframe_insert(path, frame=frame)
    scene.frame_set(5)
    thing.location.x, thing.empty_display_size, thing["switch"], thing.hide_render = 0.25, 0.5, 7, True
    with values_kept():
        scene.frame_set(20)
        assert thing.location.x == 20.0
    assert (thing.location.x, thing.empty_display_size, thing["switch"], thing.hide_render) == (0.25, 0.5, 7, True)
