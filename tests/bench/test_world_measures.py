"""Measures of cameras and of standing feet, on cases that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bench.world_measures import (
    aligned_on_the_floor,
    camera_tilt_deg,
    camera_yaw_deg,
    contact_times,
    planted_position_mm,
    sole_deg,
    spans,
)
from motion.rotations import matrix_from_axis_angle


def turns(axis, degrees):
    return matrix_from_axis_angle(np.radians(np.asarray(degrees, float))[:, None] * np.asarray(axis, float))


def held(*spans_, frames=60):
    column = np.zeros((frames, 1), bool)
    for start, end in spans_:
        column[start:end] = True
    return column


def test_tilt_is_the_angle_of_gravity_in_the_camera_and_knows_nothing_of_headings(rng):
    truth = matrix_from_axis_angle(rng.normal(size=(3, 3)))
    leaning = turns([1.0, 0.0, 0.0], [0.0, 5.0, -12.0]) @ turns([0.0, 0.0, 1.0], [40.0, 41.0, 44.0]) @ truth
    np.testing.assert_allclose(camera_tilt_deg(leaning, truth), [0.0, 5.0, 12.0], atol=1e-5)


def test_yaw_is_what_the_heading_has_drifted_since_the_first_frame(rng):
    truth = matrix_from_axis_angle(rng.normal(size=(3, 3)))
    drifting = turns([0.0, 0.0, 1.0], [170.0, 177.0, 188.0]) @ truth
    np.testing.assert_allclose(camera_yaw_deg(drifting, truth), [0.0, 7.0, 18.0], atol=1e-6)


def test_worlds_are_aligned_about_the_vertical_and_along_the_floor_alone(rng):
    truth = rng.normal(size=(5, 7, 3))
    elsewhere = truth @ turns([0.0, 0.0, 1.0], [130.0])[0].T + [2.0, -3.0, 0.04]
    np.testing.assert_allclose(aligned_on_the_floor(elsewhere, truth, elsewhere), truth + [0.0, 0.0, 0.04], atol=1e-9)


def test_a_planted_foot_is_where_its_mean_is_and_swinging_ones_do_not_count():
    truth = np.zeros((20, 2, 3))
    points = truth + [0.03, 0.0, 0.04]
    points[:10, 0, 1] += 0.01 * np.tile([-1.0, 1.0], 5)         # trembles, but stands 50 mm off
    points[:, 1] += 9.0
    planted = np.stack([np.arange(20) < 10, np.arange(20) < 2], axis=1)
    assert planted_position_mm(points, truth, planted) == pytest.approx(50.0)
    assert planted_position_mm(points, truth, planted & False) is None


def test_a_sole_tipped_along_and_across_is_off_by_both_and_headings_do_not_matter():
    flat = np.array([[0.0, 0.0, 0.0], [0.2, 0.0, 0.0], [0.25, 0.0, 0.0]])
    left = np.array([0.0, 1.0, 0.0])
    tipped = turns([0.0, 0.0, 1.0], [70.0])[0] @ turns([1.0, 0.0, 0.0], [4.0])[0]
    pitched = turns([0.0, 0.0, 1.0], [70.0])[0] @ turns([0.0, 1.0, 0.0], [3.0])[0]
    soles = np.broadcast_to((flat @ pitched.T), (2, 1, 3, 3))
    lefts = np.broadcast_to(tipped @ left, (2, 1, 3))
    truth = np.broadcast_to(flat, (2, 1, 3, 3)), np.broadcast_to(left, (2, 1, 3))
    assert sole_deg(soles, lefts, *truth, np.ones((2, 1), bool)) == pytest.approx(5.0)
    assert sole_deg(soles, lefts, *truth, np.zeros((2, 1), bool)) is None


def test_contacts_that_begin_three_frames_late_and_end_one_early_are_off_by_two():
    times = contact_times(held((13, 29)), held((10, 30)))
    assert times == {"onset_frames": 2.0, "contacts_missed_share": 0.0, "contacts_extra_share": 0.0}


def test_borders_of_the_clip_are_no_beginnings():
    assert contact_times(held((4, 30), (50, 60)), held((0, 28), (51, 60)))["onset_frames"] == pytest.approx(1.5)


def test_contacts_that_nobody_said_and_that_are_none_are_counted():
    times = contact_times(held((10, 20), (40, 45)), held((10, 20), (25, 35)))
    assert (times["contacts_missed_share"], times["contacts_extra_share"]) == (0.5, 0.5)


def test_one_long_contact_over_many_steps_matches_none_of_them():
    steps = [(start, start + 6) for start in range(2, 58, 8)]
    times = contact_times(held((0, 60)), held(*steps))
    assert times == {"onset_frames": None, "contacts_missed_share": 1.0, "contacts_extra_share": 1.0}


def test_one_and_two_frames_are_no_contact():
    assert spans(held((2, 4), (7, 10), (59, 60))[:, 0]) == [(7, 10)]
