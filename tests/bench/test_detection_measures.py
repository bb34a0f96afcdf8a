import json

import numpy as np
import pytest

from bench.detection_cases import BOXES
from bench.detection_measures import (
    body_box_px,
    error_px,
    iou,
    jitter_px,
    lag_frames,
    low_passed,
    owners,
    switches,
    varying_px,
)


def paths(times, joints=12):
    """Joints on smooth paths of their own, [T, J, 2] px."""
    phase = np.arange(joints) * 0.7
    return 300 + 90 * np.stack([np.sin(0.11 * times[:, None] + phase), np.cos(0.07 * times[:, None] - phase)], axis=-1)


def test_a_constant_offset_is_an_error_that_does_not_vary(rng):
    truth = paths(np.arange(60.0))
    found = truth + np.array([3.0, -4.0])
    assert error_px(found, truth) == pytest.approx(5.0)
    assert varying_px(found, truth) == pytest.approx(0.0, abs=1e-9)
    assert jitter_px(found, truth) == pytest.approx(0.0, abs=1e-9)


def test_every_landmark_has_an_offset_of_its_own(rng):
    truth = paths(np.arange(60.0))
    assert varying_px(truth + rng.normal(0, 8, (1, 12, 2)), truth) == pytest.approx(0.0, abs=1e-9)


def test_pictures_in_which_nobody_was_found_do_not_count():
    truth = paths(np.arange(60.0))
    found = truth + np.array([3.0, -4.0])
    found[20:30] = np.nan
    assert error_px(found, truth) == pytest.approx(5.0)
    assert varying_px(found, truth) == pytest.approx(0.0, abs=1e-9)
    assert lag_frames(found, truth) == pytest.approx(0.0, abs=0.02)


def test_who_is_never_found_has_no_error_rather_than_none():
    truth = paths(np.arange(60.0))
    nobody = np.full_like(truth, np.nan)
    for measure in (error_px, varying_px, jitter_px, lag_frames):
        assert np.isnan(measure(nobody, truth))
    assert np.isnan(low_passed(nobody, 10.0, 60.0)).all()


@pytest.mark.parametrize("late", [1.5, 0.0, -2.0, 3.25])
def test_a_track_that_comes_late_has_that_lag(late):
    frames = np.arange(80.0)
    assert lag_frames(paths(frames - late), paths(frames)) == pytest.approx(late, abs=0.03)


def test_lag_does_not_depend_on_where_the_detector_puts_its_joints(rng):
    frames = np.arange(80.0)
    found = paths(frames - 1.5) + rng.normal(0, 20, (1, 12, 2))
    assert lag_frames(found, paths(frames)) == pytest.approx(1.5, abs=0.03)


def test_jitter_of_white_noise_is_known(rng):
    # The second difference of noise of deviation s has deviation sqrt(6) s; a length in the plane has the mean of a
    # Rayleigh distribution, sqrt(pi / 2) times that.
    truth = paths(np.arange(2000.0))
    found = truth + rng.normal(0, 1.7, truth.shape)
    assert jitter_px(found, truth) == pytest.approx(1.7 * np.sqrt(6 * np.pi / 2), rel=0.02)


def test_the_low_pass_takes_noise_but_neither_motion_nor_gaps_nor_time(rng):
    truth = paths(np.arange(200.0))
    found = truth + rng.normal(0, 2, truth.shape)
    found[50:53] = np.nan
    filtered = low_passed(found, 10.0, 60.0)
    assert jitter_px(filtered, truth) < 0.3 * jitter_px(found, truth)
    assert np.isnan(filtered[50:53]).all() and np.isfinite(np.delete(filtered, [50, 51, 52], axis=0)).all()
    assert lag_frames(filtered, truth) == pytest.approx(0.0, abs=0.05)


def test_boxes_overlap_by_shared_over_covered_area():
    assert iou(np.array([0, 0, 4, 3]), np.array([2, 0, 6, 3])) == pytest.approx(6 / 18)
    assert iou(np.array([0, 0, 4, 3]), np.array([5, 0, 6, 3])) == 0.0


def test_landmarks_outside_of_the_picture_do_not_make_the_visible_body_larger():
    landmarks_px = np.tile([60.0, 100.0], (33, 1))
    landmarks_px[0], landmarks_px[32], landmarks_px[31] = (50, 20), (70, 180), (50, 900)
    left, top, right, bottom = body_box_px(landmarks_px, 100, 200)
    assert (left, top, right, bottom) == pytest.approx((46, 16, 74, 184))


def test_a_body_outside_of_the_picture_is_nobody():
    box = body_box_px(np.full((33, 2), -20.0), 100, 200)
    assert owners([box], [np.array([0.0, 0.0, 100.0, 200.0])]).tolist() == [-1]


def test_each_checked_person_owns_the_box_on_them_and_nobody_owns_two():
    man, woman = np.array([0, 0, 10, 20]), np.array([30, 0, 40, 20])
    assert owners([woman, man], [man, woman]).tolist() == [1, 0]
    assert owners([man], [man, man + 1]).tolist() == [0, -1]
    assert owners([], [man, woman]).tolist() == [-1, -1]
    assert owners([man + 8], [man]).tolist() == [-1]


@pytest.mark.parametrize("identities, count", [
    ([0, 0, 0, 0], 0), ([0, 0, 1, 1], 1), ([0, 1, 0, 1], 3), ([0, -1, -1, 0], 0), ([0, -1, 2, 2], 1), ([-1, -1], 0),
])  # fmt: skip
def test_identities_that_change_are_counted_across_gaps(identities, count):
    assert switches(identities) == count


def test_checked_boxes_lie_in_the_picture_and_have_an_area():
    boxes = json.loads(BOXES.read_text(encoding="utf-8"))["boxes_px"]
    assert sum(len(both) for pictures in boxes.values() for both in pictures.values()) == 80
    for pictures in boxes.values():
        for both in pictures.values():
            for left, top, right, bottom in both.values():
                assert 0 <= left < right <= 1088 and 0 <= top < bottom <= 1920
