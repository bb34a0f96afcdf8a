"""Uncertainty as it is kept on a person, and what is made of it for the 3D view and the timeline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.hypotheses.ghost_figure import JOINT_OF_POINT, POINTS
from mambocap.addon.hypotheses.to_check_buttons import to_check_in
from mambocap.addon.hypotheses.uncertainty_kept import SPREAD, STEP_M, keep_spread, uncertainty_of
from mambocap.addon.hypotheses.uncertainty_overlay import colours_of, severity_now, uncertain_lines
from mambocap.addon.hypotheses.uncertainty_strip import COLUMN_PX, Ruler, columns, labels
from mambocap.motion.hypotheses.to_check import ToCheck, stretches_to_check
from mambocap.motion.skeleton import JOINT

from tests.addon.hypotheses.made_up_hypotheses import brought_in, swaying

pytest_plugins = ["tests.addon.in_blender"]

FRAMES = 61   # so that bytes have to be filled up to whole numbers


def unsure() -> np.ndarray:
    """A left wrist that may be 30 cm off in frames 20 to 34 of the motion, worst in 27."""
    spread = np.random.default_rng(6).uniform(0.01, 0.06, (FRAMES, 22))
    spread[20:35, JOINT["left_wrist"]] = 0.3 - 0.01 * np.abs(np.arange(20, 35) - 27)
    return spread


@pytest.fixture
def person(extension: Path, tmp_path: Path) -> bpy.types.Object:
    return brought_in(replace(swaying(FRAMES), spread_m=unsure()), tmp_path)


def test_what_is_kept_is_what_was_said_to_half_a_step(person):
    kept = uncertainty_of(person, 30.0)
    np.testing.assert_allclose(kept.spread_m, unsure(), atol=0.5001 * STEP_M)
    assert kept.to_check == stretches_to_check(kept.spread_m, 30.0)
    assert (kept.to_check[0].first, kept.to_check[0].last, kept.to_check[0].frame) == (20, 34, 27)


def test_it_is_saved_with_the_file(person, tmp_path):
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "a.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "a.blend"))
    kept = uncertainty_of(bpy.context.scene.objects["Dance Anna"], 30.0)
    np.testing.assert_allclose(kept.spread_m, unsure(), atol=0.5001 * STEP_M)


def test_a_scene_of_twice_the_rate_keeps_it_at_its_own_keys(extension, tmp_path):
    bpy.context.scene.render.fps = 60
    bpy.ops.object.empty_add()   # so that the scene keeps its rate
    person = brought_in(replace(swaying(FRAMES), spread_m=unsure()), tmp_path)
    (found,) = to_check_in(person, bpy.context.scene)
    assert (found.first, found.last, found.frame) == (pytest.approx(40, abs=1), pytest.approx(68, abs=1), 54)


def test_ten_thousand_frames_take_little_room(person):
    keep_spread(person, np.full((10_000, 22), 0.2))
    assert 4 * len(person[SPREAD]) == 220_000


def test_a_motion_of_which_nothing_is_known_keeps_nothing(person):
    keep_spread(person, np.zeros((FRAMES, 22)))
    assert SPREAD not in person and uncertainty_of(person, 30.0) is None
    assert not severity_now(person, bpy.context.scene).any()


def test_what_somebody_typed_over_it_is_nothing(person):
    person[SPREAD] = "12 cm"
    assert uncertainty_of(person, 30.0) is None


def test_a_spread_beyond_all_bounds_is_kept_as_the_largest(person):
    keep_spread(person, np.array([[np.nan, 9.0, *[0.1] * 20]]))
    assert uncertainty_of(person, 30.0).spread_m[0, :3] == pytest.approx([0.0, 255 * STEP_M, 0.1])


def test_the_bone_that_is_unsure_now_has_a_colour_and_no_other_one(person):
    bpy.context.scene.frame_set(1 + 27)
    severity = severity_now(person, bpy.context.scene)
    assert severity[JOINT["left_wrist"]] == 1.0 and np.count_nonzero(severity > 0.15) == 1
    bpy.context.scene.frame_set(1 + 10)
    assert severity_now(person, bpy.context.scene).max() < 0.15
    bpy.context.scene.frame_set(FRAMES + 5)
    assert not severity_now(person, bpy.context.scene).any(), "after the motion nothing is said"


def test_lines_of_sure_bones_are_not_drawn():
    severity, shown = np.zeros(22), np.random.default_rng(3).normal(size=(POINTS, 3))
    assert len(uncertain_lines(shown, severity).places) == 0
    severity[JOINT["right_wrist"]] = 0.8
    lines = uncertain_lines(shown, severity)
    hand = np.flatnonzero(JOINT_OF_POINT == JOINT["right_wrist"])
    assert len(lines.places) == 2, "the forearm fades in, the hand has the colour"
    np.testing.assert_allclose(lines.places[1], shown[hand])
    assert lines.colours[0, 0, 3] == 0.0 < lines.colours[0, 1, 3]


def test_colours_go_from_nothing_over_yellow_to_red():
    nothing, little, much = colours_of(np.array([0.0, 0.2, 1.0]))
    assert nothing[3] == 0.0 < little[3]
    assert little[1] > 0.7 and much[1] < 0.2 < much[0]


def test_a_column_shows_the_worst_of_its_frames():
    severity = np.zeros(1000)
    severity[503] = 0.9
    ruler = Ruler(left_frame=-100.0, frames_a_px=3.7)
    edges, worst = columns(severity, 7.0, ruler, 400.0)
    (place,) = np.flatnonzero(worst)
    assert worst[place] == 0.9 and abs(ruler.px(7.0 + 503) - edges[place]) <= COLUMN_PX
    assert edges[0] == pytest.approx(ruler.px(7.0), abs=COLUMN_PX)
    assert edges[-1] == pytest.approx(ruler.px(7.0 + 999), abs=COLUMN_PX)


def test_a_frame_wider_than_a_column_fills_all_of_its_columns():
    edges, worst = columns(np.array([0.1, 0.7, 0.2]), 10.0, Ruler(left_frame=8.0, frames_a_px=0.05), 200.0)
    np.testing.assert_allclose(edges[worst == 0.7][[0, -1]], [50.0, 68.0])
    assert set(worst) == {0.1, 0.7, 0.2}


@pytest.mark.parametrize("left_frame", [-5000.0, 5000.0])
def test_out_of_sight_there_are_no_columns(left_frame):
    edges, worst = columns(np.ones(100), 1.0, Ruler(left_frame, 1.0), 300.0)
    assert len(edges) == len(worst) == 0


def test_names_stand_at_their_stretches_and_never_over_a_worse_ones():
    stretches = [ToCheck(100, 120, 20, 0.5, 110), ToCheck(110, 160, 21, 0.4, 130), ToCheck(300, 310, 20, 0.3, 305),
                 ToCheck(5000, 5010, 20, 0.2, 5005)]  # fmt: skip
    ruler = Ruler(left_frame=0.0, frames_a_px=2.0)
    assert labels(stretches, 10.0, ruler, [60.0] * 4, 800.0) == [(0, 55.0), (2, 155.0)]
