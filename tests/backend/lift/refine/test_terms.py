from dataclasses import replace

import numpy as np
import pytest

from backend.cameras.projection import projected
from backend.lift.refine.bends import hinges_of
from backend.lift.refine.correction import UNKNOWN_COUNT, corrected
from backend.lift.refine.settings import RefineSettings
from backend.lift.refine.terms import Bends, Landmarks, Prior, independent_share, projection_rows
from backend.lift.refine.turned import bones_of
from tests.backend.lift.made_up_track import K
from tests.backend.lift.refine.clips import trust, walker, wrong_lift

ALL = slice(None)
FRAMES = 5
RNG = np.random.default_rng(2)
LIFT = wrong_lift(walker(FRAMES), RNG, turn_rad=0.5)
BONES = bones_of(LIFT, ALL)
SETTINGS = RefineSettings(gross=3.0)
CORRECTION = 0.2 * RNG.normal(size=(FRAMES, UNKNOWN_COUNT))
TERMS = {
    "landmarks": Landmarks.trusted(trust(LIFT, sigma_px=15.0), K, 1 / 30, SETTINGS),
    "bends": Bends.trusted(hinges_of(LIFT, ALL), 1 / 30, SETTINGS),
}
PRIOR = Prior.trusted(trust(LIFT), LIFT.root_camera, 1 / 30, SETTINGS)


def _state(correction, slope=None):
    return corrected(BONES, correction, np.zeros_like(correction) if slope is None else slope)


def _slope_of(function, at):
    """Central differences of a number by every entry of `at`."""
    found = np.zeros_like(at)
    for entry in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[entry] = 1e-5
        found[entry] = (function(at + step) - function(at - step)) / 2e-5
    return found


@pytest.mark.parametrize("name", TERMS)
def test_rows_and_residuals_are_the_slope_of_the_cost(name):
    """At a correction far from none, and for landmarks with weights that are not all one."""
    term = TERMS[name]
    residuals, rows = term.residuals(_state(CORRECTION))
    measured = _slope_of(lambda correction: term.cost(_state(correction)), CORRECTION)
    assert np.abs(measured).max() > 0.1
    np.testing.assert_allclose(np.einsum("tr,trn->tn", residuals, rows), measured, rtol=1e-3,
                               atol=1e-4 * np.abs(measured).max())  # fmt: skip


def test_the_priors_pulls_are_the_slopes_of_its_cost():
    slope = 0.1 * RNG.normal(size=CORRECTION.shape)
    state = _state(CORRECTION, slope)
    by_value = _slope_of(lambda correction: PRIOR.cost(_state(correction, slope)), CORRECTION)
    by_slope = _slope_of(lambda changed: PRIOR.cost(_state(CORRECTION, changed)), slope)
    np.testing.assert_allclose(PRIOR.pull(state), by_value, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(PRIOR.slope_pull(state), by_slope, rtol=1e-4, atol=1e-3)


def test_projections_move_as_differences_say():
    points = RNG.normal(size=(9, 3)) + np.array([0.0, 0.0, 4.0])
    for axis in range(3):
        step = 1e-6 * np.eye(3)[axis]
        moved = (projected(points + step, K) - projected(points - step, K)) / 2e-6
        np.testing.assert_allclose(projection_rows(points, K)[..., axis], moved, rtol=1e-5, atol=1e-4)


def test_one_wild_landmark_hardly_counts():
    px = np.array(LIFT.track.landmarks_px)
    px[:, 15] += 2000.0
    calm = Landmarks.trusted(trust(LIFT), K, 1 / 30, SETTINGS)
    wild = Landmarks.trusted(replace(trust(LIFT), landmarks_px=px), K, 1 / 30, SETTINGS)
    most = 0.5 * wild.share * SETTINGS.gross**2 * FRAMES
    assert wild.cost(_state(0 * CORRECTION)) <= calm.cost(_state(0 * CORRECTION)) + most


@pytest.mark.parametrize("frame_s", [1 / 120, 1 / 30, 1 / 12])
def test_a_second_tells_the_same_at_every_rate(frame_s):
    """Frames a second times their share; against the inverse of the autoregressive covariance, written out."""
    lasts_s, seconds = 0.16, 40.0
    lags = np.abs(np.subtract.outer(*2 * [np.arange(round(seconds / frame_s / 4))]))
    covariance = np.exp(-frame_s * lags / lasts_s)
    one = np.ones(len(lags))
    told = one @ np.linalg.solve(covariance, one)
    assert len(lags) * independent_share(frame_s, lasts_s) == pytest.approx(told, rel=0.05)
