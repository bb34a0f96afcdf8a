"""What the panel of other poses offers: choices in words, with scene frames and shares, and what they were used for."""

from __future__ import annotations

from pathlib import Path

import bpy
import pytest
from mambocap.addon.action import bone_curves
from mambocap.addon.hypotheses.hypotheses_panel import MAMBOCAP_PT_other_poses
from mambocap.addon.hypotheses.kept_hypotheses import show
from mambocap.addon.people import Person
from mambocap.addon.take_scene import TakeOptions, build_people
from mambocap.addon.takes import people_of, select
from mambocap.motion.body import read_open_body

from tests.addon.drawn_panels import Layout, drawn_by
from tests.addon.hypotheses.made_up_hypotheses import ambiguous, brought_in, swaying

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def person(extension: Path, tmp_path: Path) -> bpy.types.Object:
    return brought_in(ambiguous(), tmp_path)


def words(layout: Layout) -> list[str]:
    return [text for _, text, _ in layout.drawn]


def buttons(layout: Layout, name: str) -> list:
    return [button for drawn, button in layout.buttons if drawn == f"mambocap.{name}"]


def test_choices_are_listed_in_words_with_their_share_and_scene_frames(person):
    shown = [text for text in words(drawn_by(MAMBOCAP_PT_other_poses)) if text]
    start = shown.index("1. Left wrist 18 cm nearer")
    assert shown[start : start + 9] == [
        "1. Left wrist 18 cm nearer", "40 %", "Frames 21 to 31",
        "2. Right knee 9 cm farther", "25 %", "Frames 6 to 16",
        "3. Whole body 7 cm higher", "10 %", "Frames 36 to 45",
    ]  # fmt: skip
    assert [button.frame for button in buttons(drawn_by(MAMBOCAP_PT_other_poses), "go_to_frame")] == [21, 6, 36]


def test_frames_are_those_at_which_the_artist_has_the_keys_now(person):
    for curve in bone_curves(person):
        for point in curve.keyframe_points:
            point.co.x += 100.0
        curve.update()
    assert "Frames 121 to 131" in words(drawn_by(MAMBOCAP_PT_other_poses))


def test_buttons_use_what_the_panel_says(person):
    settings = person.mambocap_other_poses
    settings.limb, settings.frames, settings.blend = "right_arm", "CHOSEN", 4
    person.mambocap_clean_up.first_frame, person.mambocap_clean_up.last_frame = 3, 9
    show(person, 1)
    *rows, big = buttons(drawn_by(MAMBOCAP_PT_other_poses), "use_pose")
    assert [button.number for button in rows] == [0, 1, 2] and big.number == 1
    assert (big.limb, big.frames, big.blend, big.first_frame, big.last_frame) == ("right_arm", "CHOSEN", 4, 3, 9)


def test_every_pose_has_a_button_that_shows_it(person):
    main, *others = buttons(drawn_by(MAMBOCAP_PT_other_poses), "show_pose")
    assert main.number == -1 and [button.number for button in others] == [0, 1, 2]


def test_what_was_used_is_listed_and_can_be_taken_back(person):
    assert "Used:" not in words(drawn_by(MAMBOCAP_PT_other_poses))
    bpy.ops.mambocap.use_pose(number=0)
    bpy.ops.mambocap.use_pose(number=2)
    layout = drawn_by(MAMBOCAP_PT_other_poses)
    assert {"Left arm of pose 1, 21 to 31", "Whole body of pose 3, 36 to 45"} <= set(words(layout))
    assert [button.index for button in buttons(layout, "take_back_pose")] == [0, 1]


def test_a_broken_list_of_uses_is_told_and_can_be_forgotten(person):
    person["mambocap_used_poses"] = "mine"
    layout = drawn_by(MAMBOCAP_PT_other_poses)
    assert any("cannot be read" in text for text in words(layout)) and buttons(layout, "forget_poses")


def test_others_of_the_take_are_a_button_away(extension):
    people = [Person("Anna", ambiguous()), Person("Bert", swaying()), Person("Carl", ambiguous())]
    take = build_people(bpy.context.scene, people, "Dance", read_open_body(), TakeOptions(body=False))
    select(take)
    layout = drawn_by(MAMBOCAP_PT_other_poses)
    assert "Dance Carl: 3 other poses" in words(layout) and not any("Bert" in text for text in words(layout))
    bpy.ops.mambocap.poses_of(person="Dance Carl")
    assert bpy.context.view_layer.objects.active == people_of(take)[2]
    assert "Dance Anna: 3 other poses" in words(drawn_by(MAMBOCAP_PT_other_poses))


def test_there_is_no_panel_without_other_poses(extension, tmp_path):
    assert not MAMBOCAP_PT_other_poses.poll(bpy.context)
    brought_in(swaying(), tmp_path)
    assert not MAMBOCAP_PT_other_poses.poll(bpy.context)
