"""The quality card in Blender: as the file says it, anew after clean-up, with buttons to the frames to look at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.body_model import body_model
from mambocap.addon.kept_quality import GRADE_ICONS, QUALITY, card_of, grade_of
from mambocap.addon.people import Person
from mambocap.addon.quality_panel import MAMBOCAP_PT_quality
from mambocap.addon.take_scene import TakeOptions, build_people
from mambocap.addon.takes import people_of, select
from mambocap.motion.body import read_open_body
from mambocap.motion.motion import Motion
from mambocap.motion.motion_file import write_motion
from mambocap.motion.quality.card import QualityCard
from mambocap.motion.quality.frames_to_check import Stretch

from tests.addon.drawn_panels import drawn_by
from tests.addon.made_up_takes import camera

pytest_plugins = ["tests.addon.in_blender"]

FRAMES = 60
R_WORLD_FROM_REST = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
SAID = QualityCard(
    {"seen_percent": 99.0, "sliding_mm": 3.3, "camera_percent": 90.4, "size_percent": 2.0, "floating_mm": None},
    "turning", (Stretch(0.5, 0.7, "not seen"), Stretch(1.0, 1.0, "a jump")),
)  # fmt: skip


def standing(unseen: slice = slice(0)) -> Motion:
    """Somebody who stands before a camera and slides 4 mm a frame on soles that are believed to rest."""
    body = read_open_body().shaped([])
    R = np.tile(np.eye(3), (FRAMES, 55, 1, 1))
    R[:, 0] = R_WORLD_FROM_REST
    root = np.tile([0.0, 0.0, body.skeleton.rest_joints[0, 1] - body.points[:, 1].min()], (FRAMES, 1))
    root[:, 0] = 0.004 * np.abs(np.arange(FRAMES) % 20 - 10.0)
    seen = np.ones(FRAMES, dtype=bool)
    seen[unseen] = False
    names = tuple(f"{side}_{part}" for side in ("left", "right") for part in ("heel", "ball"))
    return Motion(body.skeleton, 30, R, root, seen=seen, contact_names=names, contacts=np.full((FRAMES, 4), 0.99),
                  cameras=(camera(FRAMES),))  # fmt: skip


@pytest.fixture
def bring_in(extension: Path, tmp_path: Path):
    def bring(motion: Motion) -> bpy.types.Object:
        path = tmp_path / "person_00" / "motion.npz"
        path.parent.mkdir(exist_ok=True)
        write_motion(path, motion)
        people = [Person("Anna", motion, path)]
        take = build_people(bpy.context.scene, people, "Dance", body_model(bpy.context), TakeOptions(body=False))
        select(take)
        return people_of(take)[0]

    return bring


def test_the_card_is_the_one_that_the_capture_wrote(bring_in):
    assert card_of(bring_in(replace(standing(), quality=SAID.to_dict()))) == SAID


def test_a_take_without_a_card_is_measured(bring_in):
    person = bring_in(standing(unseen=slice(20, 40)))
    card = card_of(person)
    assert card.values["seen_percent"] == pytest.approx(100.0 * 40 / 60)
    assert card.values["sliding_mm"] == pytest.approx(4.0, abs=0.1)
    assert [(round(each.from_s, 2), each.why) for each in card.check if each.why == "not seen"] == [(0.67, "not seen")]
    assert grade_of([person]) == "poor"


def test_clean_up_grades_the_motion_anew_but_knows_the_size_no_better(bring_in):
    person = bring_in(replace(standing(), quality=SAID.to_dict()))
    bpy.ops.mambocap.clean_up()
    cleaned = card_of(person).values
    assert cleaned["sliding_mm"] < 1.0 and cleaned["size_percent"] == 2.0
    bpy.ops.mambocap.as_captured()
    assert card_of(person).values["sliding_mm"] == pytest.approx(4.0, abs=0.1)


def test_the_panel_says_each_line_the_camera_and_where_to_look(bring_in):
    bring_in(replace(standing(), quality=SAID.to_dict()))
    drawn = drawn_by(MAMBOCAP_PT_quality).drawn
    assert ("label", "Foot sliding", GRADE_ICONS["fair"]) in drawn and ("label", "3.3 mm a frame", "NONE") in drawn
    assert ("label", "Seen", GRADE_ICONS["good"]) in drawn and ("label", "99 %", "NONE") in drawn
    assert ("label", "Camera: turning, 90 % sure", GRADE_ICONS["good"]) in drawn
    assert not any("Above the floor" in text or "Camera sure" in text for _, text, _ in drawn)
    assert [text for what, text, _ in drawn if what == "mambocap.go_to_frame"] == ["16 to 22: not seen", "31: a jump"]


def test_grades_have_icons_that_this_blender_knows():
    known = bpy.types.UILayout.bl_rna.functions["label"].parameters["icon"].enum_items
    assert all(icon in known for icon in GRADE_ICONS.values()) and len(set(GRADE_ICONS.values())) == 3


def test_a_frame_to_check_is_shown_where_the_keys_are_now(bring_in):
    person = bring_in(replace(standing(), quality=SAID.to_dict()))
    action = person.animation_data.action
    curves = action.layers[0].strips[0].channelbags[0].fcurves if hasattr(action, "layers") else action.fcurves
    for curve in curves:
        for key in curve.keyframe_points:
            key.co.x += 100.0
    (_, button), *_ = drawn_by(MAMBOCAP_PT_quality).buttons
    bpy.ops.mambocap.go_to_frame(frame=button.frame)
    assert bpy.context.scene.frame_current == 116


@pytest.mark.parametrize("text", ["", "{", "[]", '{"values": 3}', '{"values": {"seen_percent": "much"}}'])
def test_a_person_without_a_readable_card_has_no_quality_panel(bring_in, text):
    person = bring_in(standing())
    person[QUALITY] = text
    assert card_of(person) is None and not MAMBOCAP_PT_quality.poll(bpy.context)


def test_the_worst_person_gives_a_take_its_grade(bring_in):
    good = replace(SAID, values={"seen_percent": 100.0})
    people = [bring_in(replace(standing(), quality=card.to_dict())) for card in (good, SAID)]
    assert [grade_of([person]) for person in people] == ["good", "fair"] and grade_of(people) == "fair"
    assert grade_of([]) is None and people_of(people[0].parent) == [people[0]]
