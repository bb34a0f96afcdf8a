"""Measures of samples, on made-up samples of which the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from bench import metrics
from bench.hypotheses_measures import (
    about_hips,
    aligned_errors_mm,
    best_of_clip,
    best_of_frames,
    best_of_windows,
    coverage,
    diversity_mm,
    energy_score_mm,
    errors_mm,
    gain_interval_mm,
    inside_spread,
    taken,
)
from motion.rotations import matrix_from_axis_angle

TIMES_S = np.arange(75) / 30


@pytest.fixture
def truth(rng) -> np.ndarray:
    return rng.normal(scale=0.4, size=(1, 12, 3)) + np.cumsum(rng.normal(scale=0.01, size=(75, 12, 3)), axis=0)


@pytest.fixture
def samples(rng, truth) -> np.ndarray:
    return truth + rng.normal(scale=0.05, size=(12, 75, 12, 3))


def test_errors_are_those_of_the_other_benches(samples, truth):
    for one, error, aligned in zip(samples, errors_mm(samples, truth), aligned_errors_mm(samples, truth), strict=True):
        assert error.mean() == pytest.approx(metrics.mpjpe_mm(one, truth))
        assert aligned.mean() == pytest.approx(metrics.pa_mpjpe_mm(one, truth))


def test_where_the_body_stands_does_not_count_and_after_alignment_nor_how_it_is_turned(samples, truth):
    R = matrix_from_axis_angle(np.array([0.4, -0.2, 0.9]))
    np.testing.assert_allclose(errors_mm(samples + [0.3, 1.0, -2.0], truth), errors_mm(samples, truth))
    np.testing.assert_allclose(
        aligned_errors_mm(1.3 * samples @ R.T, truth), aligned_errors_mm(samples, truth), atol=1e-9)


def test_more_to_choose_from_is_never_worse_and_the_more_often_the_better(samples, truth):
    errors = errors_mm(samples, truth)
    choices = [best_of_clip, lambda errors: best_of_windows(errors, TIMES_S), best_of_frames]
    by_count = np.array([[taken(errors[:count], choose(errors[:count])).mean() for count in (1, 5, 12)]
                         for choose in choices])  # fmt: skip
    assert (np.diff(by_count, axis=1) < 0).all() and (np.diff(by_count[:, 1:], axis=0) < 0).all()
    assert np.ptp(by_count[:, 0]) == 0


@pytest.mark.parametrize("frames, first_of_next", [(73, [37]), (78, [26, 52]), (61, [31])])
def test_windows_are_even_last_about_a_second_and_have_one_choice_each(rng, frames, first_of_next):
    choice = best_of_windows(rng.uniform(size=(40, frames)), np.arange(frames) / 30)
    assert (np.flatnonzero(np.diff(choice)) + 1).tolist() == first_of_next


def test_a_clip_shorter_than_a_window_is_one(rng):
    assert len(set(best_of_windows(rng.uniform(size=(40, 20)), TIMES_S[:20]))) == 1


def test_what_is_taken_is_of_the_chosen_sample_in_every_frame(rng):
    values = rng.normal(size=(4, 3, 2))
    np.testing.assert_array_equal(taken(values, np.array([3, 0, 2])), [values[3, 0], values[0, 1], values[2, 2]])


def test_diversity_is_the_distance_of_two_samples():
    pair = np.zeros((2, 5, 12, 3))
    pair[1, :, :6] = [0.03, 0.0, 0.04]                      # of which no hip is one
    assert diversity_mm(pair) == pytest.approx(25.0)
    assert diversity_mm(pair[:1]) is None


@pytest.mark.parametrize("count", [20, 40])
def test_a_truth_that_is_one_of_them_lies_inside_nine_times_in_ten(rng, count):
    sizes = rng.uniform(0.01, 0.3, size=(12, 3))
    drawn = rng.normal(scale=sizes, size=(count + 1, 1500, 12, 3))
    assert coverage(drawn[1:], drawn[0]) == pytest.approx(0.9, abs=0.015)


def test_samples_that_are_too_sure_cover_too_little_and_unsure_ones_too_much(rng):
    truth, drawn = rng.normal(size=(600, 12, 3)), rng.normal(size=(40, 600, 12, 3))
    assert coverage(0.5 * drawn, truth) < 0.5 and coverage(2.0 * drawn, truth) > 0.98
    assert coverage(drawn[:5], truth) is None


def test_the_score_of_samples_that_are_the_truth_is_nothing(truth):
    assert energy_score_mm(np.repeat(truth[None], 6, axis=0), truth) == pytest.approx(0.0, abs=1e-9)


def test_the_score_of_one_sample_is_its_distance():
    truth, off = np.zeros((4, 12, 3)), np.zeros((1, 4, 12, 3))
    off[:, :, 0, 2] = 0.05
    assert energy_score_mm(off, truth) == pytest.approx(50.0 / np.sqrt(12))


def test_the_score_is_best_for_samples_as_wide_as_the_truth_varies(rng):
    truth, drawn = rng.normal(size=(2000, 12, 3)), rng.normal(size=(20, 2000, 12, 3))
    scores = [energy_score_mm(width * drawn, truth) for width in (0.6, 1.0, 1.5)]
    assert scores[1] < scores[0] and scores[1] < scores[2]


def test_the_score_does_not_depend_on_the_number_of_samples(rng):
    truth, drawn = rng.normal(size=(4000, 12, 3)), rng.normal(size=(20, 4000, 12, 3))
    assert energy_score_mm(drawn[:4], truth) == pytest.approx(energy_score_mm(drawn, truth), rel=0.01)


def test_the_interval_holds_the_mean_and_narrows_with_the_number_of_clips(rng):
    gains, frames = rng.normal(2.0, 3.0, size=200), rng.integers(50, 100, size=200)
    low, high = gain_interval_mm(gains, frames)
    assert low < np.average(gains, weights=frames) < high
    assert high - low == pytest.approx(2 * 1.96 * 3.0 / np.sqrt(200), rel=0.2)
    few_low, few_high = gain_interval_mm(gains[:10], frames[:10])
    assert few_high - few_low > 2.5 * (high - low)
    assert gain_interval_mm(np.array([4.0, 4.0]), np.array([1, 9])) == (4.0, 4.0)


def test_hips_are_the_origin(samples):
    np.testing.assert_allclose(about_hips(samples)[:, :, metrics.HIPS].mean(axis=2), 0.0, atol=1e-12)


def test_inside_a_spread_is_who_is_no_farther_off_than_it_says():
    main, truth = np.zeros((2, 12, 3)), np.zeros((2, 12, 3))
    truth[:, 0], truth[1, 5] = [0.03, 0.0, 0.04], [0.0, 0.2, 0.0]
    spread = np.full((2, 12), 0.001)
    spread[:, 0] = [0.051, 0.049]
    assert inside_spread(main, truth, spread) == pytest.approx(22 / 24)
