"""The frames to check in the panel, and the way to them."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.curves import curves_of
from mambocap.addon.hypotheses.doubt_panel import MAMBOCAP_PT_uncertainty
from mambocap.addon.hypotheses.kept_uses import USES, store_uses
from mambocap.addon.hypotheses.to_check_words import short_words, words_of
from mambocap.addon.hypotheses.uncertainty_kept import SPREAD, keep_spread
from mambocap.motion.hypotheses.to_check import ToCheck
from mambocap.motion.hypotheses.uses import Use
from mambocap.motion.skeleton import JOINT

from tests.addon.drawn_panels import drawn_by
from tests.addon.hypotheses.made_up_hypotheses import brought_in, swaying

pytest_plugins = ["tests.addon.in_blender"]

ops = bpy.ops.mambocap
FRAMES = 200


def hill(spread: np.ndarray, joint: str, first: int, last: int, height_m: float) -> None:
    frames = np.arange(first, last + 1)
    spread[first : last + 1, JOINT[joint]] = height_m - 0.001 * np.abs(frames - (first + last) / 2)


def unsure() -> np.ndarray:
    """The second worst comes first in time; two limbs are worst in one frame."""
    spread = np.full((FRAMES, 22), 0.02)
    hill(spread, "left_wrist", 20, 40, 0.25)
    hill(spread, "right_foot", 100, 120, 0.4)
    hill(spread, "right_wrist", 100, 120, 0.2)
    return spread


@pytest.fixture
def person(extension: Path, tmp_path: Path) -> bpy.types.Object:
    person = brought_in(swaying(FRAMES), tmp_path)
    keep_spread(person, unsure())
    return person


def selected_bones(person: bpy.types.Object) -> list[str]:
    return [bone.name for bone in person.pose.bones if (bone if hasattr(bone, "select") else bone.bone).select]


def where(person: bpy.types.Object) -> tuple[int, str]:
    return bpy.context.scene.frame_current, person.data.bones.active.name


def test_the_list_has_the_worst_first_with_its_scene_frames(person):
    rows = [text for kind, text, _ in drawn_by(MAMBOCAP_PT_uncertainty).drawn if kind == "mambocap.look_at_unsure"]
    assert rows == ["101 to 121: right foot ± 40 cm", "21 to 41: left wrist ± 25 cm", "101 to 121: right wrist ± 20 cm"]


def test_a_row_leads_to_its_worst_frame_and_bone(person):
    buttons = [button for kind, button in drawn_by(MAMBOCAP_PT_uncertainty).buttons if kind.endswith("look_at_unsure")]
    bpy.context.view_layer.objects.active = None
    person.select_set(False)
    assert ops.look_at_unsure(number=buttons[1].number) == {"FINISHED"}
    assert where(person) == (31, "left_wrist") and selected_bones(person) == ["left_wrist"]
    assert bpy.context.view_layer.objects.active == person and bpy.context.selected_objects == [person]


def test_next_goes_from_the_worst_to_the_least_and_round(person):
    seen = []
    for _ in range(4):
        assert ops.next_unsure() == {"FINISHED"}
        seen.append(where(person))
    assert seen == [(111, "right_foot"), (31, "left_wrist"), (111, "right_wrist"), (111, "right_foot")]


def test_previous_goes_back_and_the_panel_shows_where_one_is(person):
    ops.look_at_unsure(number=1)
    assert ops.next_unsure(way="PREVIOUS") == {"FINISHED"} and where(person) == (111, "right_foot")
    icons = [icon for kind, _, icon in drawn_by(MAMBOCAP_PT_uncertainty).drawn if kind == "mambocap.look_at_unsure"]
    assert icons == ["TRIA_RIGHT", "BLANK1", "BLANK1"]


def test_it_works_in_pose_mode_and_stays_there(person):
    with bpy.context.temp_override(active_object=person, object=person):
        bpy.ops.object.mode_set(mode="POSE")
        assert ops.next_unsure() == {"FINISHED"} and where(person) == (111, "right_foot")
        assert person.mode == "POSE"
        bpy.ops.object.mode_set(mode="OBJECT")


def test_frames_to_check_go_with_keys_that_the_artist_moves(person):
    for curve in curves_of(person):
        for point in curve.keyframe_points:
            point.co.x += 50.0
    ops.next_unsure()
    assert where(person) == (161, "right_foot")


def test_without_unsure_frames_nothing_is_offered(person):
    keep_spread(person, np.full((FRAMES, 22), 0.05))
    assert not ops.next_unsure.poll()
    assert ("label", "No frame is less sure than the rest.", "BLANK1") in drawn_by(MAMBOCAP_PT_uncertainty).drawn
    del person[SPREAD]
    assert not ops.next_unsure.poll() and not MAMBOCAP_PT_uncertainty.poll(bpy.context)


def test_what_was_taken_from_another_pose_is_ticked_off(person):
    store_uses(person, [Use(0, "right_leg", 105 / 30, 115 / 30, 0.2)])
    icons = [icon for kind, _, icon in drawn_by(MAMBOCAP_PT_uncertainty).drawn if kind == "mambocap.look_at_unsure"]
    assert icons == ["CHECKMARK", "BLANK1", "BLANK1"]
    person[USES] = "[{]"
    assert "CHECKMARK" not in [icon for _, _, icon in drawn_by(MAMBOCAP_PT_uncertainty).drawn]


def test_words():
    wrist, spine = ToCheck(0, 1, JOINT["left_wrist"], 0.254, 0), ToCheck(0, 1, JOINT["spine2"], 0.1, 0)
    assert (words_of(wrist), short_words(wrist)) == ("left wrist ± 25 cm", "wrist L")
    assert (words_of(spine), short_words(spine)) == ("spine ± 10 cm", "spine")
