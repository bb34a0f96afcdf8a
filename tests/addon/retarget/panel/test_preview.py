"""The preview on a character: it follows the timeline and the panel, and leaves nothing behind whatever happens."""

from __future__ import annotations

import json
from pathlib import Path

import bpy
import pytest
from mambocap.addon.retarget.panel import preview
from mambocap.addon.retarget.panel.kept_pose import bring_back, pose_text
from mambocap.addon.retarget.sources import Source
from mambocap.motion.refusal import Refusal

from bench.rigs.all_rigs import made_up_rigs
from bench.rigs.in_blender import build
from tests.addon.retarget.chosen_character import choose, mixamo_character, row_of
from tests.addon.retarget.made_up_source import made_up_source, pose_of, use_made_up_source

pytest_plugins = ["tests.addon.in_blender"]

HIPS = "mixamorig:Hips"


@pytest.fixture
def chosen(extension: Path, monkeypatch: pytest.MonkeyPatch) -> bpy.types.PropertyGroup:
    use_made_up_source(monkeypatch)
    character = mixamo_character()
    for number, bone in enumerate(character.pose.bones):   # a pose of the artist's, without keys
        bone.rotation_mode = ("QUATERNION", "XYZ", "AXIS_ANGLE")[number % 3]
        bone.rotation_quaternion, bone.rotation_euler = (0.8, 0.1, 0.0, 0.6), (0.1, 0.2, 0.3)
        bone.rotation_axis_angle, bone.scale = (0.4, 0.0, 1.0, 0.0), (1.0, 1.1, 1.0)
    return choose(character)


def plan_again_now() -> None:
    """What the timer does; without a window none runs."""
    assert bpy.app.timers.is_registered(preview._plan_again)
    bpy.app.timers.unregister(preview._plan_again)
    preview._plan_again()


def test_the_preview_poses_and_follows_the_timeline_without_keys(chosen):
    before = pose_of(chosen.character)
    assert bpy.ops.mambocap.preview_retarget() == {"FINISHED"}
    first = pose_of(chosen.character)
    bpy.context.scene.frame_set(30)
    later = pose_of(chosen.character)
    assert before != first != later
    assert chosen.character.animation_data is None or chosen.character.animation_data.action is None
    bpy.context.scene.frame_set(1)
    assert pose_of(chosen.character) == first


def test_pressing_again_gives_the_pose_back_exactly(chosen):
    before = pose_of(chosen.character)
    bpy.ops.mambocap.preview_retarget()
    bpy.context.scene.frame_set(17)
    assert bpy.ops.mambocap.preview_retarget() == {"FINISHED"}
    assert pose_of(chosen.character) == before and not preview.is_on(bpy.context.scene)
    bpy.context.scene.frame_set(40)
    assert pose_of(chosen.character) == before, "and nothing follows the timeline any more"


def test_retarget_ends_the_preview_and_gives_what_it_showed(chosen):
    bpy.ops.mambocap.preview_retarget()
    bpy.context.scene.frame_set(30)
    shown = hips_in_world(chosen.character)
    assert bpy.ops.mambocap.retarget() == {"FINISHED"}
    assert not preview.is_on(bpy.context.scene) and chosen.character.animation_data.action is not None
    bpy.context.scene.frame_set(1)
    bpy.context.scene.frame_set(30)
    assert (hips_in_world(chosen.character) - shown).length < 1e-5


def hips_in_world(character: bpy.types.Object):
    seen = character.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return seen.matrix_world @ seen.pose.bones[HIPS].head


def test_an_action_that_was_there_plays_on_afterwards(chosen):
    character = chosen.character
    hips = character.pose.bones[HIPS]
    for frame, height in ((1, 0.0), (50, 98.0)):
        hips.location.y = height
        hips.keyframe_insert("location", index=1, frame=frame)
    bpy.context.scene.frame_set(1)
    action, before = character.animation_data.action, hips_in_world(character).copy()
    bpy.ops.mambocap.preview_retarget()
    bpy.context.scene.frame_set(25)
    bpy.ops.mambocap.preview_retarget()
    assert character.animation_data.action == action
    assert (hips_in_world(character) - before).length > 0.1, "on another frame it follows its keys at once"
    bpy.context.scene.frame_set(1)
    assert (hips_in_world(character) - before).length < 1e-6


def test_a_changed_option_is_seen(chosen):
    bpy.ops.mambocap.preview_retarget()
    first = pose_of(chosen.character)
    chosen.mirrored = True
    plan_again_now()
    assert pose_of(chosen.character) != first
    chosen.mirrored = False
    plan_again_now()
    assert pose_of(chosen.character) == first


def test_a_bone_that_is_taken_out_gets_its_own_pose_back(chosen):
    before = pose_of(chosen.character)["mixamorig:Head"]
    bpy.ops.mambocap.preview_retarget()
    assert pose_of(chosen.character)["mixamorig:Head"] != before
    row_of(chosen, "Head").bone = ""
    plan_again_now()
    assert pose_of(chosen.character)["mixamorig:Head"] == before


def test_a_source_that_goes_through_frames_to_be_read_poses_nothing_on_its_way(chosen, monkeypatch):
    def read(context: bpy.types.Context) -> Source:
        context.scene.frame_set(40)
        context.scene.frame_set(1)
        return made_up_source()

    before = pose_of(chosen.character)["mixamorig:Head"]
    bpy.ops.mambocap.preview_retarget()
    monkeypatch.setattr(preview, "wanted_source", read)
    row_of(chosen, "Head").bone = ""
    plan_again_now()
    assert pose_of(chosen.character)["mixamorig:Head"] == before


def test_a_change_that_cannot_be_ends_the_preview_and_says_why(chosen):
    before = pose_of(chosen.character)
    bpy.ops.mambocap.preview_retarget()
    row_of(chosen, "Hips").bone = ""
    plan_again_now()
    assert not preview.is_on(bpy.context.scene) and pose_of(chosen.character) == before
    assert chosen.problem


def test_another_character_ends_the_preview_of_the_first(chosen):
    first, before = chosen.character, pose_of(chosen.character)
    bpy.ops.mambocap.preview_retarget()
    choose(mixamo_character())
    plan_again_now()
    assert not preview.is_on(bpy.context.scene) and pose_of(first) == before


def test_a_preview_that_cannot_start_changes_nothing(chosen, monkeypatch):
    def refuse(context: bpy.types.Context) -> None:
        raise Refusal("gone", "It is gone.", "Bring it back.")

    monkeypatch.setattr(preview, "wanted_source", refuse)
    before = pose_of(chosen.character)
    with pytest.raises(RuntimeError, match="It is gone. Bring it back."):
        bpy.ops.mambocap.preview_retarget()
    assert not preview.is_on(bpy.context.scene) and pose_of(chosen.character) == before


def test_a_fault_while_following_the_timeline_ends_the_preview(chosen, monkeypatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    before = pose_of(chosen.character)
    bpy.ops.mambocap.preview_retarget()
    monkeypatch.setattr(preview, "show_frame", fail)
    with pytest.raises(ZeroDivisionError):
        preview._on_frame(bpy.context.scene)
    assert not preview.is_on(bpy.context.scene) and pose_of(chosen.character) == before


def test_a_file_saved_meanwhile_has_the_pose_from_before_and_the_preview_goes_on(chosen, tmp_path):
    path = str(tmp_path / "saved.blend")
    before = pose_of(chosen.character)
    bpy.ops.mambocap.preview_retarget()
    shown = pose_of(chosen.character)
    bpy.ops.wm.save_as_mainfile(filepath=path)
    plan_again_now()
    assert preview.is_on(bpy.context.scene) and pose_of(chosen.character) == shown
    bpy.ops.wm.open_mainfile(filepath=path)
    settings = bpy.context.scene.mambocap_retarget
    assert not preview.is_on(bpy.context.scene) and pose_of(settings.character) == before


def test_a_backup_saved_in_the_middle_of_a_preview_opens_without_it(chosen, tmp_path):
    path = str(tmp_path / "backup.blend")
    before = pose_of(chosen.character)
    bpy.ops.mambocap.preview_retarget()
    handlers = bpy.app.handlers.save_pre
    handlers.remove(preview._pause)   # Blender's automatic backups tell nobody
    bpy.ops.wm.save_as_mainfile(filepath=path, copy=True)
    handlers.append(preview._pause)
    bpy.ops.wm.open_mainfile(filepath=path)
    settings = bpy.context.scene.mambocap_retarget
    assert not preview.is_on(bpy.context.scene) and pose_of(settings.character) == before


def test_rendering_sees_the_rig_without_it(chosen):
    before = pose_of(chosen.character)
    bpy.ops.mambocap.preview_retarget()
    shown = pose_of(chosen.character)
    preview._pause()
    bpy.context.scene.frame_set(20)
    assert pose_of(chosen.character) == before
    preview._go_on()
    bpy.context.scene.frame_set(1)
    plan_again_now()
    assert pose_of(chosen.character) == shown


def test_unregistering_gives_the_pose_back(chosen):
    import mambocap

    character, before = chosen.character, pose_of(chosen.character)
    bpy.ops.mambocap.preview_retarget()
    mambocap.unregister()
    assert pose_of(character) == before
    mambocap.register()


def test_switches_of_a_control_rig_go_back_too(chosen):
    character = build(made_up_rigs()["auto_rig_pro"])
    choose(character)
    control = character.pose.bones["c_foot_ik.l"]
    assert control["ik_fk_switch"] == 0.0
    assert bpy.ops.mambocap.preview_retarget() == {"FINISHED"}
    assert control["ik_fk_switch"] == 1.0
    bpy.ops.mambocap.preview_retarget()
    assert control["ik_fk_switch"] == 0.0


def test_a_kept_pose_forgives_bones_that_are_gone(chosen):
    character = chosen.character
    kept = json.loads(pose_text(character, 1.0))
    kept["bones"]["gone"] = kept["bones"][HIPS]
    kept["numbers"] = [['pose.bones["gone"]["IK_FK"]', 0, 1.0]]
    character.pose.bones[HIPS].scale = (2.0, 2.0, 2.0)
    bring_back(character, json.dumps(kept), 1.0)
    assert character.pose.bones[HIPS].scale.y == pytest.approx(1.1)
