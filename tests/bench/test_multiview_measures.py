"""Measures of several cameras: nothing wrong gives nothing, and what is put wrong comes back as its size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.multiview.rig import Rig
from bench.multiview_measures import (
    bridged,
    camera_figures,
    leg_m,
    offset_error_s,
    pose_figures,
    turn_rad,
    turned_as_one,
)
from motion.rotations import matrix_from_axis_angle

LIMBS = np.random.default_rng(3).normal(0.0, 0.4, (20, 12, 3))


def rig(cameras: int = 3) -> Rig:
    turns = matrix_from_axis_angle(np.outer(np.arange(cameras), [0.0, 1.0, 0.1]))
    K = np.array([[1000.0, 0.0, 640.0], [0.0, 1000.0, 360.0], [0.0, 0.0, 1.0]])
    places = np.arange(cameras)[:, None] * np.array([3.0, 0.2, 1.0])
    return Rig(np.tile(K, (cameras, 1, 1)), turns, places, 1.5 * np.arange(cameras), 1.0 + 1e-5 * np.arange(cameras))


def test_what_is_true_has_no_error():
    assert pose_figures(LIMBS, LIMBS) == pytest.approx({"mpjpe_mm": 0.0, "mpjpe_camera_mm": 0.0, "pa_mpjpe_mm": 0.0},
                                                       abs=1e-6)  # fmt: skip
    assert camera_figures(rig(), rig(), 4.0, 30.0) == pytest.approx(
        {"rotation_deg": 0.0, "position_percent": 0.0, "offset_frames": 0.0}, abs=1e-5)  # fmt: skip


def test_one_turn_of_the_whole_clip_counts_only_before_the_camera():
    R = matrix_from_axis_angle(np.array([0.1, 0.4, -0.2]))
    figures = pose_figures(LIMBS @ R.T + 2.0, LIMBS)
    assert figures["mpjpe_mm"] == pytest.approx(0.0, abs=1e-6) and figures["mpjpe_camera_mm"] > 100.0


def test_a_turn_of_its_own_in_every_frame_is_an_error_of_pose_though_not_of_shape():
    R = matrix_from_axis_angle(np.random.default_rng(4).normal(0.0, 0.3, (20, 3)))
    figures = pose_figures(LIMBS @ np.swapaxes(R, 1, 2), LIMBS)
    assert figures["mpjpe_mm"] > 50.0 and figures["pa_mpjpe_mm"] == pytest.approx(0.0, abs=1e-6)


def test_a_mirrored_body_is_not_turned_into_the_true_one():
    assert pose_figures(LIMBS * [-1.0, 1.0, 1.0], LIMBS)["mpjpe_mm"] > 100.0


def test_the_turn_is_the_one_of_least_squares():
    noisy = LIMBS + np.random.default_rng(5).normal(0.0, 0.05, LIMBS.shape)
    about = LIMBS - LIMBS[:, 6:8].mean(axis=1, keepdims=True)
    least = np.sum((turned_as_one(noisy, LIMBS) - about) ** 2)
    for axis in np.eye(3):
        other = turned_as_one(noisy, LIMBS) @ matrix_from_axis_angle(0.01 * axis)
        assert np.sum((other - about) ** 2) > least


def test_a_body_too_large_is_wrong_by_as_much():
    truth = LIMBS - LIMBS[:, 6:8].mean(axis=1, keepdims=True)
    expected = 1000.0 * 0.1 * np.linalg.norm(truth, axis=-1).mean()
    assert pose_figures(1.1 * LIMBS, LIMBS)["mpjpe_mm"] == pytest.approx(expected)


def test_frames_on_which_nothing_is_known_do_not_count():
    holes = np.where(np.arange(20)[:, None, None] < 5, np.nan, LIMBS)
    assert pose_figures(LIMBS, holes)["mpjpe_mm"] == pytest.approx(0.0, abs=1e-6)


def test_cameras_are_wrong_by_what_they_were_moved():
    true = rig(2)
    R = matrix_from_axis_angle(np.array([0.0, 0.0, np.radians(3.0)]))
    far = np.linalg.norm(true.places_first[1])
    moved = replace(true, R_first_from_camera=np.stack([np.eye(3), R @ true.R_first_from_camera[1]]),
                    places_first=true.places_first + [[0.0] * 3, [0.0, 0.05 * far, 0.0]],
                    starts_s=true.starts_s + [0.0, 0.02])  # fmt: skip
    assert camera_figures(moved, true, 4.0, 25.0) == pytest.approx(
        {"rotation_deg": 3.0, "position_percent": 5.0, "offset_frames": 0.5}, rel=1e-4)  # fmt: skip


def test_a_clock_that_is_too_fast_is_wrong_by_more_later_on():
    true = rig(2)
    fast = replace(true, clock_rates=true.clock_rates * [1.0, 1.001])
    early, late = (offset_error_s(fast, true, 1, moment_s) for moment_s in (1.5, 11.5))
    assert early == pytest.approx(0.0, abs=1e-9) and late == pytest.approx(-0.01, rel=0.01)


def test_turns_are_told_up_to_half_a_turn():
    R = matrix_from_axis_angle(np.array([[0.0, 0.0, 0.0], [0.0, 2.0, 0.0], [np.pi, 0.0, 0.0]]))
    np.testing.assert_allclose(turn_rad(R), [0.0, 2.0, np.pi], atol=1e-6)


def test_legs_are_as_long_as_their_bones():
    limbs = np.zeros((4, 12, 3))
    limbs[:, (8, 9), 1], limbs[:, (10, 11), 1] = 0.41, 0.79
    assert leg_m(limbs) == pytest.approx(0.79)


def test_gaps_are_bridged_joint_by_joint_and_what_is_never_seen_stays_unknown():
    times_s = np.arange(5) / 30.0
    points = np.tile(np.arange(5.0)[:, None, None], (1, 3, 3))
    points[2, 0], points[:, 2] = np.nan, np.nan
    filled = bridged(points, times_s)
    np.testing.assert_allclose(filled[:, 0], filled[:, 1])
    assert np.isnan(filled[:, 2]).all()
