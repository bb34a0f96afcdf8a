"""What the panels of retargeting show, without a window."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from mambocap.addon.retarget.panel import long_retarget, mapping_list
from mambocap.addon.retarget.panel import retarget_panel as panel
from mambocap.addon.retarget.panel.mapping_buttons import MAMBOCAP_OT_choose_row
from mambocap.addon.retarget.panel.retarget_settings import retarget_settings_of

from tests.addon.drawn_panels import Layout, drawn_by
from tests.addon.retarget.chosen_character import choose, mixamo_character, row_of
from tests.addon.retarget.made_up_source import use_made_up_source

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def chosen(extension: Path, monkeypatch: pytest.MonkeyPatch) -> bpy.types.PropertyGroup:
    use_made_up_source(monkeypatch)
    return choose(mixamo_character())


def shown(of: type[bpy.types.Panel] = panel.MAMBOCAP_PT_retarget) -> list[tuple[str, str, str]]:
    return drawn_by(of).drawn


def props(of: type[bpy.types.Panel] = panel.MAMBOCAP_PT_retarget) -> list[str]:
    return [name for kind, _, name in shown(of) if kind == "prop"]


def labels(of: type[bpy.types.Panel] = panel.MAMBOCAP_PT_retarget) -> str:
    return " ".join(text for kind, text, _ in shown(of) if kind == "label")


def test_every_source_has_its_own_field(chosen):
    fields = {}
    for source in ("PERSON", "FILE", "ARMATURE"):
        chosen.source = source
        fields[source] = props()
    assert fields == {
        "PERSON": ["source", "person", "character"], "FILE": ["source", "file", "character"],
        "ARMATURE": ["source", "armature", "character"],
    }  # fmt: skip
    chosen.source, chosen.file = "FILE", "/tmp/walk.NPZ"
    assert "up_axis" in props()


def test_what_was_found_is_said_and_doubts_ask_for_a_look(chosen):
    assert ("label", "Mixamo, 52 of 52 bones", "CHECKMARK") in shown()
    row_of(chosen, "Left Foot").is_doubtful = True
    assert ("label", "1 row to check under Bones", "QUESTION") in shown() and "52 of 52" not in labels()
    row_of(chosen, "Left Thigh").bone = ""
    assert "2 rows to check under Bones" in labels()
    assert "Choose a bone under Bones for Left Thigh" in labels()


def test_a_wrong_bone_is_asked_about_above_the_button_and_below_its_row(chosen):
    row_of(chosen, "Left Foot").bone, row_of(chosen, "Left Toe").bone = "mixamorig:LeftToeBase", ""
    words = "mixamorig:LeftFoot lies between Left Shin and Left Foot: is that the right bone?"
    assert words in labels()
    chosen.active_bone = next(index for index, row in enumerate(chosen.bones) if row.name == "Left Foot")
    assert words in labels(panel.MAMBOCAP_PT_retarget_bones)


def test_a_character_that_cannot_be_used_says_why(chosen):
    chosen.character.scale.x *= 2.0
    choose(chosen.character)
    assert "scaled unevenly" in labels() and "Choose a bone" not in labels()


def test_the_result_stands_below_the_button(chosen):
    assert not panel.MAMBOCAP_PT_retarget_limbs.poll(bpy.context)
    bpy.ops.mambocap.retarget()
    assert "Mixamo has the action Made Up on Mixamo" in labels()
    assert "All limbs within 0.0° of what was asked" in labels()
    assert panel.MAMBOCAP_PT_retarget_limbs.poll(bpy.context)
    assert "Left Upper Arm 0.0° 0.0°" in labels(panel.MAMBOCAP_PT_retarget_limbs)


def test_a_large_error_is_named_with_what_to_do(chosen):
    bpy.ops.mambocap.retarget()
    chosen.limb_errors[4].degrees = 31.4
    words = f"{chosen.limb_errors[4].name}: 31° off"
    assert ("mambocap.show_limb", words, "ERROR") in shown()
    assert "Off what was asked: usually a wrong bone in that row under Bones, a lock or a constraint." in labels()


@pytest.mark.parametrize("limb, row, part", [("Left Forearm", "Left Forearm", "BODY"), ("Spine", "Spine 1", "BODY"),
                                             ("Fingers", "Left Thumb 1", "FINGERS")])  # fmt: skip
def test_a_large_error_leads_to_its_row(chosen, limb, row, part):
    assert bpy.ops.mambocap.show_limb(limb=limb) == {"FINISHED"}
    assert (chosen.bones[chosen.active_bone].name, chosen.part) == (row, part)


def test_every_limb_that_is_told_has_a_row(chosen):
    bpy.ops.mambocap.retarget()
    assert all(bpy.ops.mambocap.show_limb(limb=error.name) == {"FINISHED"} for error in chosen.limb_errors)


def test_what_the_scene_does_not_play_is_said_and_a_button_mends_it(chosen):
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 5, 40
    bpy.ops.mambocap.retarget()
    words = "The motion begins at frame 1, the scene at 5 and goes on to frame 60, the scene ends at 40"
    assert words in labels() and (scene.frame_start, scene.frame_end) == (5, 40)
    assert bpy.ops.mambocap.fit_scene_range() == {"FINISHED"}
    assert (scene.frame_start, scene.frame_end) == (1, 60) and "The motion begins" not in labels()
    assert not bpy.ops.mambocap.fit_scene_range.poll()


@pytest.mark.parametrize("name, value", [("source", "FILE"), ("file", "/tmp/walk.bvh"), ("character", None)])
def test_what_was_said_of_another_source_or_character_goes_away(chosen, name, value):
    bpy.ops.mambocap.retarget()
    chosen.problem = long_retarget.notice = "Nothing was brought over"
    setattr(chosen, name, value)
    assert not any(words in labels() for words in ("has the action", "Nothing was", "All limbs"))
    assert not panel.MAMBOCAP_PT_retarget_limbs.poll(bpy.context)


def test_a_deleted_character_leaves_no_words_behind(chosen):
    bpy.ops.mambocap.retarget()
    bpy.context.scene.collection.objects.unlink(chosen.character)
    assert "has the action" not in labels() and "bones" not in labels()
    panels = (panel.MAMBOCAP_PT_retarget_limbs, panel.MAMBOCAP_PT_retarget_bones, panel.MAMBOCAP_PT_retarget_options)
    assert not any(each.poll(bpy.context) for each in panels)


def test_the_path_goes_by_the_legs_until_a_scale_is_set(chosen):
    chosen.path_scale = 2.0
    assert retarget_settings_of(chosen).path_scale == 0.0
    assert "By Legs" in labels(panel.MAMBOCAP_PT_retarget_options)
    chosen.set_path_scale = True
    assert retarget_settings_of(chosen).path_scale == 2.0
    assert "By Legs" not in labels(panel.MAMBOCAP_PT_retarget_options)


def test_a_person_keeps_its_place_in_the_set_and_other_motion_begins_where_the_character_stands(chosen):
    begins = {}
    for chosen.source in ("PERSON", "FILE", "ARMATURE"):
        begins[chosen.source] = retarget_settings_of(chosen).start
    assert begins == {"PERSON": "source", "FILE": "character", "ARMATURE": "character"}
    chosen.start = "source"
    assert retarget_settings_of(chosen).start == "source"


def test_it_is_said_that_there_is_no_root_bone_to_carry_the_path(chosen):
    assert "No root bone" not in labels(panel.MAMBOCAP_PT_retarget_options)
    chosen.root_motion = "root"
    assert "No root bone under Bones" in labels(panel.MAMBOCAP_PT_retarget_options)
    next(row for row in chosen.bones if row.slot == "root").bone = "mixamorig:Hips"
    assert "No root bone" not in labels(panel.MAMBOCAP_PT_retarget_options)


def test_notes_stand_with_the_result(chosen):
    chosen.outcome, chosen.notes = "Done", "One thing.\nAnother thing."
    assert "Done One thing. Another thing." in labels()


def test_ik_controls_are_offered_where_the_rig_has_them(chosen):
    assert "ik_controls" not in props(panel.MAMBOCAP_PT_retarget_options)
    chosen.family = "rigify_control"
    assert "ik_controls" in props(panel.MAMBOCAP_PT_retarget_options)


def test_every_choice_that_is_remembered_can_be_made(chosen):
    from mambocap.addon.retarget.panel.retarget_settings import CHOICES

    chosen.family, chosen.set_path_scale = "rigify_control", True
    kept_by_itself = {"reference_pose"}
    assert set(CHOICES) - kept_by_itself == set(props(panel.MAMBOCAP_PT_retarget_options))


def test_frames_are_those_of_the_preview_range_where_there_is_one(chosen):
    assert "first_frame" not in props(panel.MAMBOCAP_PT_retarget_frames)
    chosen.all_frames = False
    assert {"all_frames", "first_frame", "last_frame"} < set(props(panel.MAMBOCAP_PT_retarget_frames))
    bpy.context.scene.use_preview_range = True
    assert "In the preview range, 1 to 250" in labels(panel.MAMBOCAP_PT_retarget_frames)
    assert "first_frame" not in props(panel.MAMBOCAP_PT_retarget_frames)


def test_all_frames_says_which_they_are(chosen):
    mover = mixamo_character()
    mover.animation_data_create().action = bpy.data.actions.new("Dance")
    mover.pose.bones[0].keyframe_insert("location", frame=3)
    mover.pose.bones[0].keyframe_insert("location", frame=41)
    chosen.source, chosen.armature = "ARMATURE", mover
    assert "3 to 41" in labels(panel.MAMBOCAP_PT_retarget_frames)
    chosen.all_frames = False
    assert (chosen.first_frame, chosen.last_frame) == (3, 41)
    chosen.first_frame, chosen.all_frames = 9, True
    chosen.all_frames = False
    assert (chosen.first_frame, chosen.last_frame) == (9, 41), "what the artist said stays"


def test_the_list_of_bones_says_what_is_wrong_with_the_chosen_row(chosen):
    chosen.active_bone = next(index for index, row in enumerate(chosen.bones) if row.name == "Head")
    row_of(chosen, "Head").bone = "mixamorig:Nose"
    assert "Mixamo has no bone mixamorig:Nose" in labels(panel.MAMBOCAP_PT_retarget_bones)


def test_without_a_character_there_is_no_list(chosen):
    choose(None)
    assert not panel.MAMBOCAP_PT_retarget_bones.poll(bpy.context)
    assert "Choose the character" not in labels(), "the button's tooltip says so"


def drawn_row(settings: bpy.types.PropertyGroup, title: str) -> list[tuple[str, str, str]]:
    layout = Layout()
    mapping_list.MAMBOCAP_UL_bones.draw_item(None, bpy.context, layout, settings, row_of(settings, title), 0, None, "")
    return layout.drawn


def test_rows_show_what_is_wrong_and_what_is_doubtful(chosen):
    assert drawn_row(chosen, "Left Foot") == [
        ("label", "Foot L", "NONE"), ("search", "mixamorig:LeftFoot", "bones"),
    ]  # fmt: skip
    row_of(chosen, "Left Foot").is_doubtful = True
    assert drawn_row(chosen, "Left Foot")[0] == ("mambocap.choose_row", "Foot L", "QUESTION")
    row_of(chosen, "Left Shin").bone = ""
    assert drawn_row(chosen, "Left Shin")[0] == ("mambocap.choose_row", "Shin L", "ERROR")


def test_a_row_s_tooltip_says_what_is_wrong_with_it(chosen):
    def tooltip(title: str) -> str:
        place = next(index for index, row in enumerate(chosen.bones) if row.name == title)
        return MAMBOCAP_OT_choose_row.description(bpy.context, SimpleNamespace(row=place))

    row_of(chosen, "Left Shin").bone, row_of(chosen, "Left Foot").is_doubtful = "", True
    assert tooltip("Left Shin") == "Left Shin needs a bone"
    assert tooltip("Left Foot") == "mixamorig:LeftFoot is likely, but look whether it is the right bone"
    assert tooltip("Head") == "Choose this row in the list"
    assert bpy.ops.mambocap.choose_row(row=3) == {"FINISHED"} and chosen.active_bone == 3


def test_the_list_shows_one_part_and_what_is_searched_for(chosen):
    bones = mapping_list.MAMBOCAP_UL_bones
    showing = SimpleNamespace(filter_name="index", bitflag_filter_item=1)
    assert not any(bones.filter_items(showing, bpy.context, chosen, "bones")[0])
    chosen.part = "FINGERS"
    flags = bones.filter_items(showing, bpy.context, chosen, "bones")[0]
    titles = [row.name for row, flag in zip(chosen.bones, flags, strict=True) if flag]
    assert titles == [f"{side} Index {number}" for side in ("Left", "Right") for number in (1, 2, 3)]


def test_a_row_of_the_list_is_short_enough_for_a_sidebar():
    assert [mapping_list._short(title) for title in ("Left Upper Arm", "Right Shin Twist 2", "Spine 3")] == [
        "Upper Arm L", "Shin 2 R", "Spine 3",
    ]  # fmt: skip
