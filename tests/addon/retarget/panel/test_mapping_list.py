"""The list of bones: what is found, what is red, chains of any length, mirroring, mappings in files."""

from __future__ import annotations

import json
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.retarget.panel import found_mapping
from mambocap.addon.retarget.panel.found_mapping import found_words, wants_a_look
from mambocap.addon.retarget.panel.mapping_buttons import active_row
from mambocap.addon.retarget.panel.mapping_list import list_part_of, problem_of, questions_in
from mambocap.addon.retarget.panel.other_side import across
from mambocap.addon.retarget.panel.retarget_settings import mapping_of
from mambocap.motion.refusal import Refusal
from mambocap.motion.retarget.slots import SLOTS

from bench.rigs.all_rigs import made_up_rigs, nameless
from bench.rigs.in_blender import build
from tests.addon.retarget.chosen_character import bones_of, choose, mixamo_character, row_of
from tests.addon.retarget.rigify_rig import rigify_character

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def chosen(extension: Path) -> bpy.types.PropertyGroup:
    return choose(mixamo_character())


def choose_row(chosen: bpy.types.PropertyGroup, title: str) -> None:
    chosen.active_bone = next(index for index, row in enumerate(chosen.bones) if row.name == title)
    chosen.part = list_part_of(chosen.bones[chosen.active_bone].slot)


def test_a_character_that_is_known_has_all_its_bones_at_once(chosen):
    assert found_words(mapping_of(chosen)) == "Mixamo, 52 of 52 bones"
    assert bones_of(chosen, "spine") == ["mixamorig:Spine", "mixamorig:Spine1", "mixamorig:Spine2"]
    assert row_of(chosen, "Left Upper Arm").bone == "mixamorig:LeftArm"
    assert not any(problem_of(row, chosen.bones, chosen.character.data) for row in chosen.bones)


def test_a_character_that_nobody_knows_is_found_by_structure_and_wants_a_look(extension):
    settings = choose(build(nameless(made_up_rigs()["mixamo"], np.random.default_rng(1))))
    mapping = mapping_of(settings)
    assert found_words(mapping).startswith("By structure, 52 bones, fits 9") and wants_a_look(mapping)
    assert not wants_a_look(mapping_of(choose(mixamo_character())))


def test_a_damaged_table_of_rigs_breaks_no_panel(chosen, monkeypatch):
    def refuse() -> None:
        raise Refusal("bad-rig-table", "The rig table mine.json is no JSON.", "Mend or remove that file.")

    monkeypatch.setattr(found_mapping, "tables", refuse)
    assert not found_mapping.has_ik_controls("rigify_control")
    assert found_words(mapping_of(chosen)).startswith("Mixamo, 52 bones")
    bpy.ops.mambocap.find_bones()
    assert chosen.problem == "The rig table mine.json is no JSON. Mend or remove that file."


def test_every_slot_has_a_row_in_one_part_of_the_list(chosen):
    assert {row.slot for row in chosen.bones} == set(SLOTS)
    assert {list_part_of(slot) for slot in SLOTS} == {"BODY", "FINGERS", "TWIST"}
    assert (list_part_of("left_index"), list_part_of("left_shin_twist")) == ("FINGERS", "TWIST")


def test_a_needed_bone_that_is_missing_is_red_and_one_that_can_lack_is_not(chosen):
    row_of(chosen, "Left Thigh").bone = ""
    armature = chosen.character.data
    assert problem_of(row_of(chosen, "Left Thigh"), chosen.bones, armature) == "Left Thigh needs a bone"
    row_of(chosen, "Left Toe").bone = ""
    assert problem_of(row_of(chosen, "Left Toe"), chosen.bones, armature) == ""


def test_a_bone_that_is_not_there_or_is_used_twice_is_red(chosen):
    row = row_of(chosen, "Head")
    row.bone = "mixamorig:Nose"
    assert problem_of(row, chosen.bones, chosen.character.data) == "Mixamo has no bone mixamorig:Nose"
    row.bone = "mixamorig:LeftHand"
    assert problem_of(row, chosen.bones, chosen.character.data) == "mixamorig:LeftHand is also Left Hand"


def test_a_wrong_bone_of_a_limb_is_asked_about_at_once(chosen):
    armature = chosen.character.data
    assert questions_in(chosen.bones, armature) == {}
    row_of(chosen, "Left Forearm").bone = "mixamorig:LeftHand"
    row_of(chosen, "Left Hand").bone = "mixamorig:LeftHandMiddle1"
    words = "Left Forearm is 0.2 times as long as Left Upper Arm: is that the right bone?"
    assert questions_in(chosen.bones, armature) == {"left_forearm": words, "left_upper_arm": words}
    row_of(chosen, "Left Forearm").bone = "renamed since"
    questions_in(chosen.bones, armature)


def test_of_a_control_rig_nothing_is_asked(extension):
    settings = choose(rigify_character())
    assert settings.family == "rigify_control" and questions_in(settings.bones, settings.character.data) == {}
    row_of(settings, "Left Foot").bone, row_of(settings, "Left Toe").bone = "toe_fk.L", ""
    row_of(settings, "Right Thigh").bone = "shin_fk.R"
    assert set(questions_in(settings.bones, settings.character.data)) >= {"left_foot", "right_thigh"}


def test_choosing_a_bone_by_hand_ends_the_doubt(chosen):
    row = row_of(chosen, "Left Foot")
    row.is_doubtful = True
    assert mapping_of(chosen).doubts == ("left_foot",)
    row.bone = "mixamorig:LeftToeBase"
    assert mapping_of(chosen).doubts == ()


def test_a_chain_can_be_made_longer_and_shorter(chosen):
    choose_row(chosen, "Spine 1")
    assert bpy.ops.mambocap.add_bone() == {"FINISHED"}
    assert [row.name for row in chosen.bones if row.slot == "spine"] == ["Spine 1", "Spine 2", "Spine 3", "Spine 4"]
    assert bones_of(chosen, "spine")[1] == "" and chosen.bones[chosen.active_bone].name == "Spine 2"
    assert bpy.ops.mambocap.remove_bone() == {"FINISHED"}
    assert bpy.ops.mambocap.remove_bone() == {"FINISHED"}
    assert bones_of(chosen, "spine") == ["mixamorig:Spine1", "mixamorig:Spine2"]


def test_the_last_row_of_a_chain_stays_empty(chosen):
    choose_row(chosen, "Neck")
    bpy.ops.mambocap.remove_bone()
    assert bones_of(chosen, "neck") == [""] and not mapping_of(chosen).has("neck")


def test_only_chains_have_several_bones_and_only_a_row_that_is_shown_is_changed(chosen):
    choose_row(chosen, "Head")
    with pytest.raises(RuntimeError, match="Choose a row that can have several bones, such as Spine 1"):
        bpy.ops.mambocap.add_bone()
    choose_row(chosen, "Spine 1")
    chosen.part = "FINGERS"
    assert active_row(chosen) is None and not bpy.ops.mambocap.add_bone.poll()


def test_the_left_side_gives_the_right_one(chosen):
    before = mapping_of(chosen).bones
    for row in chosen.bones:
        if row.slot.startswith("right_"):
            row.bone = ""
    assert mapping_of(chosen).missing
    assert bpy.ops.mambocap.mirror_bones() == {"FINISHED"}
    assert mapping_of(chosen).bones == before


@pytest.mark.parametrize("left, right", [
    ("hand.L", "hand.R"), ("DEF-hand.L.001", "DEF-hand.R.001"), ("thigh_l", "thigh_r"), ("l_thigh", "r_thigh"),
    ("mixamorig:LeftArm", "mixamorig:RightArm"), ("CC_Base_L_Hand", "CC_Base_R_Hand"), ("lShldrBend", "rShldrBend"),
    ("c_arm_fk.l", "c_arm_fk.r"), ("左腕", "右腕"), ("LHipJoint", "RHipJoint"), ("left_hip", "right_hip"),
])  # fmt: skip
def test_names_of_the_other_side_are_known(left, right):
    assert across(left, {left, right, "Spine"}) == right and across(right, {left, right}) == left
    assert across(left, {left}) == ""


def test_the_bone_that_is_active_in_pose_mode_can_be_picked(chosen):
    choose_row(chosen, "Left Hand")
    with pytest.raises(RuntimeError, match="Select a bone of Mixamo in Pose Mode first"):
        bpy.ops.mambocap.pick_bone()
    chosen.character.data.bones.active = chosen.character.data.bones["mixamorig:LeftForeArm"]
    bpy.context.view_layer.objects.active = chosen.character
    bpy.ops.object.mode_set(mode="POSE")
    assert bpy.ops.mambocap.pick_bone() == {"FINISHED"}
    assert row_of(chosen, "Left Hand").bone == "mixamorig:LeftForeArm"
    bpy.ops.object.mode_set(mode="OBJECT")


def test_finding_again_forgets_what_was_chosen_by_hand(chosen):
    row_of(chosen, "Head").bone = ""
    assert bpy.ops.mambocap.find_bones() == {"FINISHED"}
    assert row_of(chosen, "Head").bone == "mixamorig:Head"


def test_a_mapping_is_saved_and_loaded(chosen, tmp_path):
    path = str(tmp_path / "mine.json")
    row_of(chosen, "Head").bone = "mixamorig:Neck"
    kept = mapping_of(chosen)
    assert bpy.ops.mambocap.save_bones(filepath=path) == {"FINISHED"}
    bpy.ops.mambocap.find_bones()
    assert mapping_of(chosen).bones != kept.bones
    assert bpy.ops.mambocap.load_bones(filepath=path) == {"FINISHED"}
    assert mapping_of(chosen) == kept


def test_a_file_that_is_no_mapping_is_refused_and_changes_nothing(chosen, tmp_path):
    path = tmp_path / "other.json"
    path.write_text(json.dumps({"bones": 3}))
    before = mapping_of(chosen)
    with pytest.raises(RuntimeError, match="other.json holds no mapping of bones"):
        bpy.ops.mambocap.load_bones(filepath=str(path))
    assert mapping_of(chosen) == before
