"""The reference pose: taken when it is chosen, kept with the character, the same however often one retargets."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.retarget.panel import preview
from mambocap.addon.retarget.panel.reference_pose import reference_frame, reference_text, with_reference
from mambocap.addon.retarget.rig.read_rig import read_rig

from tests.addon.retarget.chosen_character import choose, mixamo_character
from tests.addon.retarget.made_up_source import pose_of, use_made_up_source

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def chosen(extension: Path, monkeypatch: pytest.MonkeyPatch) -> bpy.types.PropertyGroup:
    use_made_up_source(monkeypatch)
    character = mixamo_character()
    for bone in ("LeftArm", "RightArm"):
        character.pose.bones[f"mixamorig:{bone}"].rotation_quaternion = (0.9, 0.0, 0.0, 0.4)
    return choose(character)


def keys_of_retargeting(settings: bpy.types.PropertyGroup) -> np.ndarray:
    bpy.ops.mambocap.retarget()
    bpy.context.scene.frame_set(30)
    return np.array([bone.matrix for bone in settings.character.pose.bones])


def test_the_reference_read_back_is_the_pose_that_was_shown(chosen):
    posed = read_rig(chosen.character, "pose")
    again = with_reference(read_rig(chosen.character), reference_text(chosen.character))
    assert np.allclose(again.reference_heads, posed.reference_heads, atol=1e-4)   # rig units of 1 cm
    assert np.allclose(again.R_rig_from_reference_bone, posed.R_rig_from_reference_bone, atol=1e-6)
    assert not np.allclose(posed.reference_tails, posed.tails, atol=1.0)


def test_a_bone_that_came_later_is_at_rest(chosen):
    text = reference_text(chosen.character).replace("mixamorig:Head", "gone")
    rig = with_reference(read_rig(chosen.character), text)
    head = rig.bone("mixamorig:Head")
    assert np.array_equal(rig.R_rig_from_reference_bone[head], rig.R_rig_from_bone[head])


def test_the_pose_is_taken_when_it_is_chosen_and_forgotten_with_the_rest_pose(chosen):
    bpy.context.scene.frame_set(7)
    chosen.reference = "pose"
    assert reference_frame(chosen.reference_pose) == 7
    chosen.reference = "rest"
    assert chosen.reference_pose == ""


def test_retargeting_again_gives_the_same(chosen):
    with_rest = keys_of_retargeting(chosen)
    chosen.character.animation_data_clear()
    for bone in chosen.character.pose.bones:
        bone.matrix_basis.identity()
    chosen.character.pose.bones["mixamorig:Head"].rotation_quaternion = (0.9, 0.4, 0.0, 0.0)   # a posture to be kept
    chosen.reference = "pose"
    first = keys_of_retargeting(chosen)
    assert not np.allclose(first, with_rest, atol=0.05)
    assert np.allclose(keys_of_retargeting(chosen), first, atol=1e-4)


def test_the_reference_comes_back_with_the_character(chosen):
    chosen.reference = "pose"
    text, first = chosen.reference_pose, chosen.character
    choose(mixamo_character())
    assert (chosen.reference, chosen.reference_pose) == ("rest", "")
    choose(first)
    assert (chosen.reference, chosen.reference_pose) == ("pose", text)


def test_during_a_preview_the_artists_own_pose_is_taken(chosen):
    own = reference_text(chosen.character)
    bpy.ops.mambocap.preview_retarget()
    shown = pose_of(chosen.character)
    chosen.reference = "pose"
    assert chosen.reference_pose == own
    assert preview.is_on(bpy.context.scene)
    bpy.app.timers.unregister(preview._plan_again)
    preview._plan_again()
    assert pose_of(chosen.character) != shown, "the preview goes on with the reference"
    bpy.ops.mambocap.preview_retarget()
    assert reference_text(chosen.character) == own


def test_the_pose_can_be_taken_again(chosen):
    chosen.reference = "pose"
    before = chosen.reference_pose
    chosen.character.pose.bones["mixamorig:Head"].rotation_quaternion = (0.7, 0.7, 0.0, 0.0)
    assert bpy.ops.mambocap.take_reference() == {"FINISHED"}
    assert chosen.reference_pose != before
