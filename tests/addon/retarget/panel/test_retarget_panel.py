"""What the panels of retargeting show, without a window."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from mambocap.addon.retarget.panel import mapping_list
from mambocap.addon.retarget.panel import retarget_panel as panel

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
    assert "Mixamo, 52 of 52 bones: check the rows under Bones" in labels()
    row_of(chosen, "Left Thigh").bone = ""
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
    assert f"{chosen.limb_errors[4].name} is 31° off what was asked" in labels()
    assert "A large error is usually a wrong bone in that row under Bones, a lock or a constraint." in labels()


def test_notes_stand_with_the_result(chosen):
    chosen.outcome, chosen.notes = "Done", "One thing.\nAnother thing."
    assert "Done One thing. Another thing." in labels()


def test_ik_controls_are_offered_where_the_rig_has_them(chosen):
    assert "ik_controls" not in props(panel.MAMBOCAP_PT_retarget_options)
    chosen.family = "rigify_control"
    assert "ik_controls" in props(panel.MAMBOCAP_PT_retarget_options)


def test_every_choice_that_is_remembered_can_be_made(chosen):
    from mambocap.addon.retarget.panel.retarget_settings import CHOICES

    chosen.family = "rigify_control"
    kept_by_itself = {"reference_pose"}
    assert set(CHOICES) - kept_by_itself == set(props(panel.MAMBOCAP_PT_retarget_options))


def test_frames_are_those_of_the_preview_range_where_there_is_one(chosen):
    assert {"all_frames", "first_frame", "last_frame"} < set(props(panel.MAMBOCAP_PT_retarget_frames))
    bpy.context.scene.use_preview_range = True
    assert "In the preview range, 1 to 250" in labels(panel.MAMBOCAP_PT_retarget_frames)
    assert "first_frame" not in props(panel.MAMBOCAP_PT_retarget_frames)


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
    assert drawn_row(chosen, "Left Foot")[0] == ("label", "Foot L", "QUESTION")
    row_of(chosen, "Left Shin").bone = ""
    assert drawn_row(chosen, "Left Shin")[0] == ("label", "Shin L", "ERROR")


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
