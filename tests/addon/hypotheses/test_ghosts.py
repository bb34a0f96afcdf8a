"""Ghosts of the other poses: where Blender would have them, tinted, and only where they differ."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.action import bone_curves
from mambocap.addon.hypotheses import ghosts
from mambocap.addon.hypotheses.ghost_figure import JOINT_OF_POINT, LINES, POINTS, shown_figure
from mambocap.addon.hypotheses.ghosts import Ghost, ghost_lines, ghosts_of, icon_of, tint_of
from mambocap.addon.hypotheses.hypotheses_panel import MAMBOCAP_PT_other_poses
from mambocap.addon.hypotheses.kept_hypotheses import hypotheses_of, keep_hypotheses, show
from mambocap.motion.hypotheses.choice import Choice
from mambocap.motion.hypotheses.limbs import LIMBS
from mambocap.motion.skeleton import JOINT, PARENTS

from tests.addon.drawn_panels import drawn_by
from tests.addon.hypotheses.made_up_hypotheses import ambiguous, brought_in

pytest_plugins = ["tests.addon.in_blender"]

WHITE = (0.95, 0.95, 0.95)
# All the time, so that every ghost is seen at every frame.
LASTING = tuple(Choice(limb, 0, 59, 0.2, limb) for limb in ("left_arm", "right_leg", "body"))


@pytest.fixture
def person(extension: Path, tmp_path: Path) -> bpy.types.Object:
    motion = ambiguous(choices=LASTING)
    person = brought_in(motion, tmp_path)
    if not hypotheses_of(person):
        keep_hypotheses(person, motion, 1.0 + np.arange(motion.frame_count), "Anna")
    return person


def figure_at(person: bpy.types.Object, frame: int) -> np.ndarray:
    bpy.context.scene.frame_set(frame)
    return shown_figure(person)


def standing() -> np.ndarray:
    return np.random.default_rng(2).normal(size=(POINTS, 3))


def moved(points: np.ndarray, joint: str, by_m: float) -> np.ndarray:
    changed = points.copy()
    changed[JOINT_OF_POINT == JOINT[joint]] += [0.0, 0.6 * by_m, 0.8 * by_m]
    return changed


@pytest.mark.parametrize("frame", [1, 24, 60])
def test_a_ghost_is_where_blender_has_that_pose_when_it_is_shown(person, frame):
    figures = {ghost.colour: ghost.points for ghost in ghosts_of(person, frame)}
    assert set(figures) == {tint_of(number) for number in range(3)}
    for number in range(3):
        show(person, number)
        np.testing.assert_allclose(figures[tint_of(number)], figure_at(person, frame), atol=2e-5)


def test_the_pose_that_is_shown_has_no_ghost_and_the_main_one_has_a_white_one(person):
    main = figure_at(person, 24)
    show(person, 1)
    assert [ghost.colour for ghost in ghosts_of(person, 24)] == [WHITE, tint_of(0), tint_of(2)]
    np.testing.assert_allclose(ghosts_of(person, 24)[0].points, main, atol=2e-5)
    show(person, None)
    assert [ghost.colour for ghost in ghosts_of(person, 24)] == [tint_of(number) for number in range(3)]


def test_ghosts_go_with_the_persons_keys(person):
    before = ghosts_of(person, 24)[0].points
    for curve in bone_curves(person):
        for point in curve.keyframe_points:
            point.co.x += 10.0
    np.testing.assert_allclose(ghosts_of(person, 34)[0].points, before, atol=1e-6)


def test_a_ghost_follows_keys_that_the_artist_moves(person):
    before = ghosts_of(person, 24)[2].points
    curve = next(curve for curve in hypotheses_of(person)[2].curves() if curve.data_path.endswith("location"))
    for point in curve.keyframe_points:
        point.co.y += 0.5
    curve.update()
    assert np.linalg.norm(ghosts_of(person, 24)[2].points - before, axis=1) == pytest.approx(np.full(POINTS, 0.5))


def test_ghosts_are_seen_in_their_frames_and_fade_as_a_use_blends(extension, tmp_path):
    person = brought_in(ambiguous(), tmp_path)   # frames 21 to 31, 6 to 16 and 36 to 45
    strengths = [{ghost.limb: ghost.share for ghost in ghosts_of(person, frame)} for frame in (25, 33, 40, 60)]
    assert strengths[0]["left_arm"] == 1.0 and 0.0 < strengths[0]["right_leg"] < 0.5
    assert 0.5 < strengths[1]["left_arm"] < 1.0 and 0.5 < strengths[1]["body"] < 1.0 and len(strengths[1]) == 2
    assert strengths[2] == {"left_arm": strengths[2]["left_arm"], "body": 1.0} and strengths[2]["left_arm"] < 0.5
    assert strengths[3] == {}


def test_a_limb_begins_where_the_shown_figure_has_it_and_nothing_else_is_drawn():
    shown = standing()
    elsewhere = moved(shown, "left_wrist", 0.2) + [0.5, 0.0, 0.1]
    lines = ghost_lines([Ghost(elsewhere, WHITE, "left_arm")], shown)
    assert len(lines.places) == 2, "the forearm and the hand"
    np.testing.assert_allclose(lines.places[0], [shown[JOINT["left_elbow"]],
                                                 moved(shown, "left_wrist", 0.2)[JOINT["left_wrist"]]])  # fmt: skip
    assert not len(ghost_lines([Ghost(moved(shown, "head", 0.2), WHITE, "left_arm")], shown).places)


def test_a_leg_begins_at_the_shown_hip_and_stands_where_its_own_pose_stands():
    shown = standing()
    lines = ghost_lines([Ghost(shown + [0.3, 0.0, 0.0], WHITE, "left_leg")], shown)
    drawn = {tuple(place) for place in lines.places.reshape(-1, 3).round(9)}
    knee, ankle = (shown[JOINT[f"left_{joint}"]] + [by_m, 0.0, 0.0] for joint, by_m in (("knee", 0.15), ("ankle", 0.3)))
    assert {tuple(place.round(9)) for place in (shown[LIMBS["left_leg"][0]], knee, ankle)} <= drawn


def test_what_an_unseen_part_of_a_ghost_covers_is_drawn():
    shown = standing()
    both = moved(moved(shown, "left_wrist", 0.2), "right_wrist", 0.2)
    lines = ghost_lines([Ghost(both, WHITE, "left_arm"), Ghost(both, tint_of(0), "right_arm")], shown)
    assert len(lines.places) == 4


def test_a_ghost_that_comes_and_goes_is_seen_through():
    shown, there = standing(), moved(standing(), "head", 0.5)
    strong, weak = (ghost_lines([Ghost(there, WHITE, share=share)], shown).colours[..., 3].max()
                    for share in (1.0, 0.25))  # fmt: skip
    assert weak == pytest.approx(0.25 * strong)


def test_before_and_after_the_motion_a_ghost_stands(person):
    for outside, end in ((-5, 1), (65, 60)):
        for ghost, held in zip(ghosts_of(person, outside), ghosts_of(person, end), strict=True):
            np.testing.assert_allclose(ghost.points, held.points, atol=1e-6)


def test_ghosts_change_neither_frame_nor_pose(person):
    shown = figure_at(person, 24)
    ghosts_of(person, 50)
    assert bpy.context.scene.frame_current == 24
    np.testing.assert_array_equal(shown_figure(person), shown)


def test_where_both_agree_nothing_is_drawn():
    shown = standing()
    assert len(ghost_lines([Ghost(shown, WHITE), Ghost(shown + 0.01, WHITE)], shown).places) == 0
    assert len(ghost_lines([], shown).places) == 0


def test_only_the_limb_that_differs_is_drawn_and_fades_towards_the_trunk():
    shown = standing()
    lines = ghost_lines([Ghost(moved(shown, "left_wrist", 0.2), tint_of(1))], shown)
    elbow, wrist = shown[JOINT["left_elbow"]], moved(shown, "left_wrist", 0.2)[JOINT["left_wrist"]]
    assert len(lines.places) == 2, "the forearm and the hand"
    np.testing.assert_allclose(lines.places[0], [elbow, wrist])
    assert lines.colours[0, 0, 3] == 0.0 < lines.colours[0, 1, 3]
    np.testing.assert_allclose(lines.colours[..., :3], np.broadcast_to(tint_of(1), (2, 2, 3)))


def test_a_limb_of_which_several_poses_say_the_same_is_drawn_once():
    shown = standing()
    same, other = moved(shown, "left_wrist", 0.2), moved(shown, "left_wrist", -0.2)
    lines = ghost_lines([Ghost(same, WHITE), Ghost(same + 0.005, tint_of(0)), Ghost(other, tint_of(1))], shown)
    assert {tuple(colour) for colour in lines.colours[..., :3].reshape(-1, 3).round(3)} == {
        tuple(np.round(colour, 3)) for colour in (WHITE, tint_of(1))
    }


def test_what_differs_more_is_seen_better():
    shown = standing()
    seen = [ghost_lines([Ghost(moved(shown, "head", by_m), WHITE)], shown).colours[..., 3].max(initial=0.0)
            for by_m in (0.02, 0.04, 0.06, 0.5)]  # fmt: skip
    assert seen == sorted(seen) and seen[0] == 0.0 < seen[1] and 0.5 < seen[3] <= 1.0


def test_a_figure_hangs_together():
    assert sorted(set(LINES.ravel())) == list(range(POINTS))
    assert all(PARENTS[child] == parent for parent, child in LINES if child < 22)


def test_every_pose_has_its_tint_and_its_row_an_icon_in_it(person):
    assert len({tint_of(number) for number in range(5)}) == 5
    icons = {icon_of(number) for number in range(5)}
    known = bpy.types.UILayout.bl_rna.functions["label"].parameters["icon"].enum_items.keys()
    assert len(icons) == 5 and icons <= set(known)
    drawn = drawn_by(MAMBOCAP_PT_other_poses).drawn
    assert [icon for _, _, icon in drawn if icon in icons] == [icon_of(n) for n in range(3)]


def test_without_a_window_nothing_is_drawn_by(extension):
    assert bpy.app.background and ghosts._handlers == []
