from dataclasses import replace

import numpy as np

from backend.cameras.projection import projected
from backend.lift.lift import OtherView
from backend.lift.refine.correction import UNKNOWN_COUNT, corrected
from backend.lift.refine.refine import refine
from backend.lift.refine.settings import RefineSettings
from backend.lift.refine.terms import Landmarks
from backend.lift.refine.trust import TrustInView, trust_in
from backend.lift.refine.turned import bones_of
from backend.lift.refine.views import landmarks_of
from motion.rotations import matrix_from_axis_angle
from tests.backend.lift.made_up_track import K
from tests.backend.lift.refine.clips import error_mm, trust, walker, wrong_lift

RNG = np.random.default_rng(21)
SETTINGS = RefineSettings(gross=3.0)
K_OTHER = np.array([[900.0, 0.0, 500.0], [0.0, 880.0, 400.0], [0.0, 0.0, 1.0]])


def in_view(truth, turn_rad=1.4, sigma_px=4.0):
    """A camera as far from the person, who is turned about the vertical before it."""
    R = matrix_from_axis_angle(np.array([0.0, turn_rad, 0.0]))
    middle = truth.root_camera.mean(axis=0)
    t = middle - R @ middle
    landmarks_px = projected(truth.points_camera()[:, :33] @ R.T + t, K_OTHER)
    return TrustInView(landmarks_px, np.full(landmarks_px.shape[:2], sigma_px), K_OTHER, R, t)


def test_rows_and_residuals_are_the_slope_of_the_cost():
    truth = walker(3)
    lift = wrong_lift(truth, RNG, turn_rad=0.4)
    bones = bones_of(lift, slice(None))
    term = landmarks_of(replace(trust(lift, sigma_px=15.0), others=(in_view(truth), in_view(truth, -0.8))), K, 1 / 30,
                        SETTINGS)  # fmt: skip
    at = 0.2 * RNG.normal(size=(3, UNKNOWN_COUNT))
    residuals, rows = term.residuals(corrected(bones, at, at))
    slope = np.einsum("tr,trn->tn", residuals, rows)
    for entry in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[entry] = 1e-5
        cost = [term.cost(corrected(bones, moved, moved)) for moved in (at + step, at - step)]
        assert abs(slope[entry] - (cost[0] - cost[1]) / 2e-5) < 1e-3 * np.abs(slope).max()


def test_the_rows_of_all_views_hold_as_much_as_those_of_each():
    """Independently: the terms of single cameras, the first also as if it were another one."""
    lift = wrong_lift(walker(2), RNG)
    own, bones = trust(lift), bones_of(lift, slice(None))
    again = TrustInView(own.landmarks_px, own.sigma_px, K, np.eye(3), np.zeros(3))
    state = corrected(bones, 0.1 * RNG.normal(size=(2, UNKNOWN_COUNT)), np.zeros((2, UNKNOWN_COUNT)))
    single = Landmarks.trusted(own, K, 1 / 30, SETTINGS)
    twice = landmarks_of(replace(own, others=(again,)), K, 1 / 30, SETTINGS)
    (_, rows), (_, rows_twice) = single.residuals(state), twice.residuals(state)
    curvature = rows.swapaxes(1, 2) @ rows
    np.testing.assert_allclose(rows_twice.swapaxes(1, 2) @ rows_twice, 2.0 * curvature, rtol=1e-6,
                               atol=1e-6 * curvature.max())  # fmt: skip
    np.testing.assert_allclose(twice.cost(state), 2.0 * single.cost(state))


def test_a_second_camera_mends_what_the_first_cannot_see():
    truth = walker(60)
    wrong = wrong_lift(truth, np.random.default_rng(3))
    alone = refine(wrong, trust(wrong), RefineSettings())
    both = refine(wrong, replace(trust(wrong), others=(in_view(truth),)), RefineSettings())
    assert error_mm(both, truth).mean() < 0.5 * error_mm(alone, truth).mean()


def test_a_camera_that_sees_nobody_says_nothing():
    truth = walker(20)
    wrong = wrong_lift(truth, np.random.default_rng(4))
    blind = in_view(truth)
    blind = replace(blind, landmarks_px=np.full_like(blind.landmarks_px, np.nan))
    alone = refine(wrong, trust(wrong), RefineSettings())
    both = refine(wrong, replace(trust(wrong), others=(blind,)), RefineSettings())
    np.testing.assert_allclose(both.R_parent_from_joint, alone.R_parent_from_joint, atol=1e-5)


def test_made_up_landmarks_of_the_first_camera_are_not_believed():
    lift = walker(5)
    track = replace(lift.track, scores=np.zeros_like(lift.track.scores))
    other = _other_of(in_view(lift))
    assert np.isinf(trust_in(replace(lift, track=track, others=(other,))).sigma_px).all()


def _other_of(seen):
    return OtherView(seen.landmarks_px, np.ones(seen.sigma_px.shape), np.zeros_like(seen.landmarks_px), seen.K,
                     seen.R_view_from_camera, seen.t_view_from_camera)  # fmt: skip
