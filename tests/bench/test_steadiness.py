import numpy as np
import pytest

from bench.steadiness import still_stretches, swim_mm

RATE = 30.0
TIMES_S = np.arange(120) / RATE


def resting(points=2):
    return np.zeros((120, points, 3))


def test_a_swaying_estimate_of_a_resting_point_swims_by_its_root_mean_square():
    estimate = resting()
    estimate[:, :, 0] = 0.02 * np.cos(2 * np.pi * 1.0 * (TIMES_S + 0.5 / RATE))[:, None]
    assert swim_mm(estimate, resting(), RATE) == pytest.approx(1000.0 * 0.02 / np.sqrt(2.0), rel=1e-6)


@pytest.mark.parametrize("hz", [0.125, 10.0])
def test_drift_and_jitter_are_not_swim(hz):
    estimate = resting()
    estimate[:, :, 2] = 0.02 * np.cos(2 * np.pi * hz * (TIMES_S + 0.5 / RATE))[:, None]
    assert swim_mm(estimate, resting(), RATE) < 1e-6


def test_a_wrong_place_is_no_swim():
    assert swim_mm(resting() + 1.0, resting(), RATE) < 1e-6


def test_what_happens_while_the_truth_moves_does_not_count():
    truth, estimate = resting(1), resting(1)
    truth[60:, 0, 0] = TIMES_S[60:] - TIMES_S[60]
    estimate[62:, 0, 1] = 0.3 * np.sin(9.0 * TIMES_S[62:])
    (stretch,) = still_stretches(truth, RATE)
    assert stretch[:2] == (0, 0) and 55 <= stretch[2] <= 60
    assert swim_mm(estimate, truth, RATE) < 1e-6


def test_a_truth_that_never_rests_has_no_swim():
    moving = resting(1) + TIMES_S[:, None, None]
    assert swim_mm(moving, moving, RATE) is None


def test_a_short_rest_shows_nothing():
    truth = resting(1) + TIMES_S[:, None, None]
    truth[40:50] = truth[40]
    assert still_stretches(truth, RATE) == []
