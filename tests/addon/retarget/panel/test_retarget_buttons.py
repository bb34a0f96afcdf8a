"""Retarget pressed: from the shipped take to a character, in the frames that were asked for; why it is grey."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon import sample
from mambocap.addon.curves import curves_of
from mambocap.addon.retarget.panel.retarget_buttons import why_not
from mambocap.addon.retarget.panel.wanted_source import wanted_source
from mambocap.addon.takes import people_of
from mambocap.motion.refusal import Refusal

from tests.addon.retarget.chosen_character import choose, mixamo_character, row_of
from tests.addon.retarget.made_up_source import pose_of, use_made_up_source

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def person(extension: Path) -> bpy.types.Object:
    """Of the take that comes with the extension."""
    assert sample.has_sample(sample.SAMPLE)
    bpy.ops.mambocap.try_sample()
    return people_of(next(thing for thing in bpy.data.objects if thing.name == "Sample"))[0]


@pytest.fixture
def chosen(person: bpy.types.Object) -> bpy.types.PropertyGroup:
    return choose(mixamo_character())


def key_frames(character: bpy.types.Object) -> np.ndarray:
    """Where the hips have keys [N]."""
    curve = next(curve for curve in curves_of(character) if "Hips" in curve.data_path)
    return np.array([point.co.x for point in curve.keyframe_points])


def test_one_button_brings_the_take_to_the_character(chosen):
    assert bpy.ops.mambocap.retarget() == {"FINISHED"}
    action = chosen.character.animation_data.action
    assert action is not None and chosen.outcome == f"Mixamo has the action {action.name}"
    assert {error.name for error in chosen.limb_errors} > {"Left Upper Arm", "Right Shin", "Head"}
    assert max(error.degrees for error in chosen.limb_errors) < 0.5
    person = next(thing for thing in bpy.data.objects if thing.name == "Sample Person 1")
    assert len(key_frames(chosen.character)) == len(person["mambocap_seen"])


def test_a_limb_that_does_not_do_what_was_asked_shows(chosen):
    arm = chosen.character.pose.bones["mixamorig:LeftForeArm"]
    arm.lock_rotation, arm.lock_rotation_w, arm.lock_rotations_4d = (True,) * 3, True, True
    bpy.ops.mambocap.retarget()
    errors = {error.name: error.degrees for error in chosen.limb_errors}
    assert errors["Left Forearm"] > 5.0 > 0.5 > errors["Right Forearm"]
    assert "mixamorig:LeftForeArm" in chosen.notes


def test_the_action_that_was_there_stays_in_the_file(chosen):
    bpy.ops.mambocap.retarget()
    first = chosen.character.animation_data.action
    bpy.ops.mambocap.retarget()
    assert chosen.character.animation_data.action != first and first.use_fake_user


def test_the_motion_comes_back_from_the_character(chosen, person):
    """Person to Mixamo to person's skeleton: what was brought over can be a source itself."""
    bpy.ops.mambocap.retarget()
    chosen.source, chosen.armature = "ARMATURE", chosen.character
    other = mixamo_character()
    choose(other)
    assert bpy.ops.mambocap.retarget() == {"FINISHED"}
    first = bpy.data.objects["Mixamo"]
    bpy.context.scene.frame_set(60)
    for bone in ("LeftArm", "RightLeg", "Head"):
        turns = [(thing.matrix_world @ thing.pose.bones[f"mixamorig:{bone}"].matrix).to_quaternion()
                 for thing in (first, other)]  # fmt: skip
        assert np.degrees(turns[0].rotation_difference(turns[1]).angle) < 3.0, bone


@pytest.mark.parametrize("change, frames", [
    ({}, range(1, 217)), ({"all_frames": False, "first_frame": 10, "last_frame": 20}, range(10, 21)),
])  # fmt: skip
def test_keys_lie_on_the_frames_that_were_asked_for(chosen, change, frames):
    for name, value in change.items():
        setattr(chosen, name, value)
    source = wanted_source(bpy.context)
    assert np.allclose(source.frames, list(frames)) and source.pose.frame_count == len(frames)


def test_the_preview_range_wins(chosen):
    scene = bpy.context.scene
    scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end = True, 30, 34
    assert np.allclose(wanted_source(bpy.context).frames, [30, 31, 32, 33, 34])


def test_frames_outside_the_motion_are_refused_with_its_own(chosen):
    chosen.all_frames, chosen.first_frame, chosen.last_frame = False, 900, 950
    with pytest.raises(Refusal, match="Sample Person 1 has nothing from frame 900 to 950. Choose frames"):
        wanted_source(bpy.context)


def test_keys_a_second_by_number_lie_between_frames(chosen):
    chosen.rate, chosen.keys_per_second = "NUMBER", 60.0
    source, scene_rate = wanted_source(bpy.context), bpy.context.scene.render.fps
    assert np.allclose(np.diff(source.frames), scene_rate / 60.0) and source.pose.rate == pytest.approx(60.0)


def test_a_source_at_another_rate_is_keyed_on_whole_frames_or_where_it_has_its_own(chosen):
    bpy.context.scene.render.fps = 24
    file = sample.SAMPLE / "person_00" / "motion.npz"
    chosen.source, chosen.file = "FILE", str(file)
    on_frames = wanted_source(bpy.context)
    assert np.allclose(on_frames.frames, np.rint(on_frames.frames)) and on_frames.pose.rate == pytest.approx(24.0)
    chosen.rate = "SOURCE"
    own = wanted_source(bpy.context)
    assert own.pose.frame_count == 216 and np.allclose(np.diff(own.frames), 24.0 / 30.0)


def test_a_sampled_frame_is_the_same_as_the_whole_one(chosen):
    whole = wanted_source(bpy.context)
    chosen.all_frames, chosen.first_frame, chosen.last_frame = False, 50, 60
    part = wanted_source(bpy.context)
    assert np.allclose(part.pose.joints_world, whole.pose.joints_world[49:60], atol=1e-9)
    assert np.array_equal(part.pose.contacts.held, whole.pose.contacts.held[49:60])


def test_why_it_is_grey_is_said_in_the_order_of_the_panel(extension, monkeypatch):
    settings = bpy.context.scene.mambocap_retarget
    assert why_not(bpy.context) == "Select a person of a take, or pick one under Person"
    settings.source = "FILE"
    assert why_not(bpy.context) == "Choose a motion file"
    settings.source = "ARMATURE"
    assert why_not(bpy.context) == "Choose the armature whose motion is taken"
    use_made_up_source(monkeypatch)
    assert why_not(bpy.context) == "Choose the character that is to move"
    choose(mixamo_character())
    assert why_not(bpy.context) == ""
    settings.armature = settings.character
    assert why_not(bpy.context) == "Source and character are the same armature"


def test_bones_that_are_needed_are_named(extension, monkeypatch):
    use_made_up_source(monkeypatch)
    settings = choose(mixamo_character())
    row_of(settings, "Left Shin").bone = ""
    assert why_not(bpy.context) == "Choose a bone under Bones for Left Shin"
    row_of(settings, "Left Shin").bone = "renamed since"
    assert why_not(bpy.context) == "Choose a bone under Bones for Left Shin"
    for row in settings.bones:
        row.bone = ""
    assert why_not(bpy.context) == "Choose a bone under Bones for Hips, Left Thigh, Right Thigh and 6 more"


def test_a_refusal_is_said_and_changes_nothing(chosen):
    before, chosen.character.scale.x = pose_of(chosen.character), 0.02
    with pytest.raises(RuntimeError, match="Mixamo is scaled unevenly"):
        bpy.ops.mambocap.retarget()
    assert chosen.character.animation_data is None and pose_of(chosen.character) == before
