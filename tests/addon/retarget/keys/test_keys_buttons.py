"""The buttons for keys on the active character, and what the panel shows of them."""

from __future__ import annotations

import bpy
import pytest
from mambocap.addon.active_character import active_character
from mambocap.addon.body_model import body_model
from mambocap.addon.retarget.keys.correction_layer import remove_correction_layer
from mambocap.addon.retarget.keys.keys_panel import MAMBOCAP_PT_keys
from mambocap.addon.sample import SAMPLE
from mambocap.addon.take_scene import TakeOptions, build_take
from mambocap.addon.takes import people_of, select

from tests.addon.drawn_panels import drawn_by
from tests.addon.retarget.made_up_armature import wild_armature

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def person(extension) -> bpy.types.Object:
    take = build_take(bpy.context.scene, SAMPLE, "Sample", body_model(bpy.context), TakeOptions())
    select(take)
    return people_of(take)[0]


def test_keys_are_reduced_and_come_back(person):
    full = person.animation_data.action
    assert bpy.ops.mambocap.reduce_keys(tolerance_mm=20.0) == {"FINISHED"}
    labels = [text for kind, text, _ in drawn_by(MAMBOCAP_PT_keys).drawn if kind == "label"]
    assert any("of 216 frames keep keys" in text for text in labels), labels
    assert bpy.ops.mambocap.full_keys() == {"FINISHED"} and person.animation_data.action == full
    assert not bpy.ops.mambocap.full_keys.poll()


def test_the_panel_gives_its_tolerance_to_the_button(person):
    bpy.context.scene.mambocap_tolerance_mm = 12.5
    assert dict(drawn_by(MAMBOCAP_PT_keys).buttons)["mambocap.reduce_keys"].tolerance_mm == 12.5


def test_a_layer_goes_on_and_off_and_keys_are_not_reduced_below_it(person):
    assert bpy.ops.mambocap.add_correction_layer() == {"FINISHED"}
    with pytest.raises(RuntimeError, match="Remove the correction layer first"):
        bpy.ops.mambocap.reduce_keys()
    assert "mambocap.remove_correction_layer" in [kind for kind, _, _ in drawn_by(MAMBOCAP_PT_keys).drawn]
    assert bpy.ops.mambocap.remove_correction_layer() == {"FINISHED"}
    assert bpy.ops.mambocap.reduce_keys.poll()


def test_clean_up_waits_until_the_motion_s_own_keys_are_back(person):
    bpy.ops.mambocap.reduce_keys(tolerance_mm=20.0)
    with pytest.raises(RuntimeError, match="Press Back to Full Keys first, under Retarget, Keys"):
        bpy.ops.mambocap.clean_up()
    bpy.ops.mambocap.full_keys()
    bpy.ops.mambocap.add_correction_layer()
    with pytest.raises(RuntimeError, match="Remove the correction layer first, under Retarget, Keys"):
        bpy.ops.mambocap.clean_up()
    bpy.ops.mambocap.remove_correction_layer()
    assert bpy.ops.mambocap.clean_up.poll()


def test_the_character_of_an_active_mesh_is_meant(person):
    bpy.context.view_layer.objects.active = next(child for child in person.children if child.type == "MESH")
    assert active_character(bpy.context) == person


def test_a_character_without_motion_says_so(extension):
    thing = wild_armature()
    bpy.context.view_layer.objects.active = thing
    with pytest.raises(RuntimeError, match="Wild has no motion with keys on its bones"):
        bpy.ops.mambocap.reduce_keys()
    with pytest.raises(RuntimeError, match="Wild has no action"):
        bpy.ops.mambocap.add_correction_layer()


def test_nothing_selected_says_what_to_select(extension):
    with pytest.raises(RuntimeError, match="Select a character first"):
        bpy.ops.mambocap.reduce_keys()


def test_there_is_nothing_about_keys_where_nothing_moves(extension):
    thing = wild_armature()
    bpy.context.view_layer.objects.active = thing
    assert not MAMBOCAP_PT_keys.poll(bpy.context)
    thing.animation_data_create().action = bpy.data.actions.new("Dance")
    assert MAMBOCAP_PT_keys.poll(bpy.context)


def test_it_is_said_where_the_corrections_went(person):
    bpy.ops.mambocap.add_correction_layer()
    layer = person.animation_data.action
    person.pose.bones[0].keyframe_insert("rotation_quaternion")
    assert remove_correction_layer(person) == layer.name
