"""The figures of a motion beside the truth, and their means over clips."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.rendered import RenderedClip
from bench.simulated import acted
from bench.world_figures import NOTHING, SPREAD, figures_of, mean_of, own_figures
from bench.world_goals import GOALS, goal_rows
from bench.world_motion import WorldMotion, of_rendered
from bench.world_simulated import solved_camera, stretch_of
from motion.rotations import matrix_from_axis_angle
from tests.bench.render.made_clip import marching
from tests.bench.render.made_plan import planned


@pytest.fixture(scope="module")
def clip() -> RenderedClip:
    marched = acted(planned(seconds=2.5, camera="pan"), [marching(speed_m_s=2.0)])
    return replace(marched, teaches=replace(marched.teaches, contacts=True))


@pytest.fixture(scope="module")
def truth(clip) -> WorldMotion:
    return of_rendered(clip).at_rate()


def moved(motion: WorldMotion, turn_deg: float, shift: np.ndarray) -> WorldMotion:
    """The same in a world that lies elsewhere."""
    R = matrix_from_axis_angle(np.radians([0.0, 0.0, turn_deg]))
    points = {name: getattr(motion, name) @ R.T + shift for name in ("limbs", "joints", "feet", "soles")}
    turned = replace(motion, **points, feet_left=motion.feet_left @ R.T)
    return replace(turned, R_world_from_camera=R @ motion.R_world_from_camera)


def test_the_truth_in_another_world_has_no_errors(truth):
    figures = figures_of(moved(truth, 50.0, np.array([3.0, -1.0, 0.0])), truth)
    for name in ("wa_mpjpe100_mm", "w_mpjpe100_mm", "rte_percent", "sliding_beyond_truth_mm", "mpjpe_mm",
                 "camera_yaw_deg", "planted_position_mm", "floating_mm", "sole_deg", "onset_frames"):  # fmt: skip
        assert figures[name] is None or figures[name] == pytest.approx(0.0, abs=1e-4), name
    assert figures["camera_tilt_deg"] == pytest.approx(0.0, abs=1e-4)


def test_what_floats_three_centimetres_is_said_to(truth):
    frozen = {name: np.broadcast_to(getattr(truth, name)[0], getattr(truth, name).shape) for name in ("feet", "soles")}
    frozen["soles"] = frozen["soles"] * [1.0, 1.0, 0.0]
    standing = replace(truth, **frozen)
    figures = figures_of(moved(standing, 0.0, np.array([0.0, 0.0, 0.03])), standing)
    assert figures["planted_position_mm"] == pytest.approx(30.0) and figures["floating_mm"] == pytest.approx(30.0)
    assert figures["mpjpe_mm"] == pytest.approx(0.0, abs=1e-9) and figures["penetration_mm"] == 0.0


def test_a_path_that_is_a_tenth_too_long_has_an_rte(truth):
    longer = 0.1 * (truth.root - truth.root[0])[:, None]
    stretched = replace(truth, joints=truth.joints + longer)
    path = np.linalg.norm(np.diff(truth.root, axis=0), axis=-1).sum()
    expected = 100.0 * 0.1 * np.abs(truth.root[:, 1] - truth.root[:, 1].mean()).mean() / path
    assert figures_of(stretched, truth)["rte_percent"] == pytest.approx(expected, rel=0.01)


def test_the_truth_has_jitter_and_sliding_and_no_errors_of_its_own(truth):
    own = own_figures(truth)
    assert own["jitter_10m_s3"] > 0.0 and own["mpjpe_mm"] is None and own["w_mpjpe100_mm"] is None


def test_where_only_limbs_are_true_only_limbs_are_compared(truth):
    figures = figures_of(truth, WorldMotion(truth.times_s, truth.limbs, truth.R_world_from_camera))
    assert figures["w_mpjpe100_mm"] == pytest.approx(0.0, abs=1e-6) and figures["foot_sliding_mm"] is None


def test_clips_count_by_their_frames_where_they_have_a_figure():
    rows = [{**NOTHING, "mpjpe_mm": 10.0, "rte_percent": 2.0, "camera_tilt_deg": 1.0, "frames": 100},
            {**NOTHING, "mpjpe_mm": 40.0, "camera_tilt_deg": 6.0, "frames": 50}, {**NOTHING, "frames": 0}]  # fmt: skip
    mean = mean_of(rows)
    assert [mean[name] for name in SPREAD] == [3.5, 5.5]
    assert (mean["mpjpe_mm"], mean["rte_percent"], mean["swim_mm"], mean["frames"]) == (20.0, 2.0, None, 150)


def test_goals_are_said_of_what_was_measured():
    figures = {**NOTHING, "mpjpe_mm": 50.0, "jitter_10m_s3": 5.0, "sliding_beyond_truth_mm": 2.5, "frames": 9}
    methods = {"truth": {**NOTHING, "jitter_10m_s3": 3.0}, "raw": {**figures, "mpjpe_mm": 49.5}, "mambocap": figures,
               "direct": figures, "gvhmr": figures}  # fmt: skip
    reached = {row[1]: (row[4], row[5]) for row in goal_rows({"static": methods})}
    assert reached == {"sliding_beyond_truth_mm": (2.0, "NO"), "jitter_10m_s3": (6.0, "yes"), "mpjpe_mm": (50.5, "yes")}
    assert all(goal.figure in (*NOTHING, *SPREAD) for goal in GOALS)


def test_a_solved_camera_turns_as_the_true_one_and_drifts(clip):
    measured_rad = np.random.default_rng(5).normal(scale=0.0005, size=(50, 3))
    errors_rad = stretch_of(measured_rad, len(clip.times_s), np.random.default_rng(6))
    solved = solved_camera(clip, "turning", errors_rad)
    true = clip.R_camera_from_world[0] @ np.swapaxes(clip.R_camera_from_world, -1, -2)
    cosines = (np.einsum("tij,tij->t", solved.R_first_from_camera, true) - 1.0) / 2.0
    apart_deg = np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0)))
    assert apart_deg[0] == pytest.approx(0.0, abs=1e-5) and 0.01 < apart_deg[-1] < 2.0
    assert not solved.places_first.any()
