"""What a rig does is seen wherever the rig is: hidden, from another file, under layers."""

from __future__ import annotations

from fractions import Fraction

import bpy
import numpy as np
import pytest
from mambocap.addon.curves import Keys
from mambocap.addon.export.export_choices import ExportChoices
from mambocap.addon.export.export_motion import export_motion
from mambocap.addon.export.seen_motion import key_range

from tests.addon.export import characters
from tests.addon.export.characters import FIRST, LAST

pytest_plugins = ["tests.addon.in_blender"]
FRAMES = np.arange(FIRST, LAST + 1)
REACHED_MM = 0.05   # as in test_export_motion.py


def test_a_rig_that_is_hidden_at_rest_is_exported_as_any_other(tmp_path):
    scene = characters.new_scene_at(Fraction(30))
    character = characters.mixamo_character(scene)
    names = [bone.name for bone in character.data.bones]
    truth = characters.heads(character, FRAMES, names)
    character.hide_viewport, character.data.pose_position = True, "REST"
    character.hide_set(True)
    export_motion(character, tmp_path / "a.bvh", ExportChoices("BVH"), bpy.context)
    assert (character.hide_viewport, character.data.pose_position) == (True, "REST")
    back = characters.imported(tmp_path / "a.bvh", "import_anim.bvh")
    there = characters.heads(back, FRAMES - FIRST + 1, names)
    assert 1000.0 * np.linalg.norm(there - truth, axis=-1).max() < REACHED_MM


@pytest.mark.parametrize("is_override", [False, True])
def test_a_rig_from_another_file_is_exported_as_any_other(tmp_path, is_override):
    character = characters.moved_character(characters.new_scene_at(Fraction(30)))
    names = [bone.name for bone in character.data.bones]
    truth = characters.heads(character, FRAMES, names)
    bpy.data.libraries.write(str(tmp_path / "library.blend"), {character})
    scene = characters.new_scene_at(Fraction(30))
    with bpy.data.libraries.load(str(tmp_path / "library.blend"), link=True) as (_, wanted):
        wanted.objects = [character_name := "Wanderer"]
    scene.collection.objects.link(bpy.data.objects[character_name])
    linked = bpy.data.objects[character_name]
    character = linked.override_hierarchy_create(scene, bpy.context.view_layer) if is_override else linked
    export_motion(character, tmp_path / "a.glb", ExportChoices("GLTF"), bpy.context)
    back = characters.imported(tmp_path / "a.glb", "import_scene.gltf")
    assert back.name == "Wanderer"
    assert 1000.0 * np.linalg.norm(characters.heads(back, FRAMES - FIRST, names) - truth, axis=-1).max() < REACHED_MM


def test_all_keys_are_those_of_layers_too(tmp_path):
    character = characters.mixamo_character(characters.new_scene_at(Fraction(30)))
    base = character.animation_data.action
    for mute, start in ((False, FIRST), (True, 500)):   # what is shown, and a hypothesis that is not
        track = character.animation_data.nla_tracks.new()
        track.strips.new(base.name, start, base)
        track.mute = mute
    character.animation_data.action = None
    correction = Keys(character, "Correction")
    correction.add('pose.bones["mixamorig:Head"].location', 0, "Head", np.array([9.0, 12.0]), np.array([0.0, 1.0]))
    assert key_range(character) == (FIRST, LAST)
