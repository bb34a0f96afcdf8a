import time
from dataclasses import replace

import numpy as np
import pytest

from backend.lift.refine.bends import bends, hinges_of
from backend.lift.refine.cost import least_costly
from backend.lift.refine.refine import cost_of_frames, refine, windows
from backend.lift.refine.settings import RefineSettings
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.backend.lift.made_up_track import K, reaching_and_stepping
from tests.backend.lift.refine.clips import error_mm, seen_as, true_lift, trust, walker, waves_that_forget, wrong_lift

SETTINGS = RefineSettings()


def _refined(lift, **known):
    return refine(lift, replace(trust(lift), **known), SETTINGS)


def _turned_rad(lift, other):
    step = np.swapaxes(lift.R_parent_from_joint, -1, -2) @ other.R_parent_from_joint
    return np.linalg.norm(axis_angle_from_matrix(step), axis=-1)


@pytest.mark.parametrize("seed", range(3))
def test_exact_landmarks_mend_a_wrong_lift(seed):
    truth = walker(90)
    wrong = wrong_lift(truth, np.random.default_rng(seed))
    assert error_mm(_refined(wrong), truth).mean() < 0.6 * error_mm(wrong, truth).mean()


def test_a_perfect_lift_stays():
    truth = walker(60)
    assert error_mm(_refined(truth), truth).max() < 0.1


def test_errors_of_the_landmarks_that_last_are_believed_less_than_fresh_ones():
    truth = walker(90)
    off_px = 15.0 * waves_that_forget(90, truth.track.rate, lasts_s=0.16, rng=np.random.default_rng(4))
    misled = seen_as(truth, truth.track.landmarks_px + off_px)

    def error_believing(lasts_s):
        settings = replace(SETTINGS, landmark_errors_last_s=lasts_s)
        return error_mm(refine(misled, trust(misled, sigma_px=15.0), settings), truth).mean()

    assert error_believing(0.16) < 0.7 * error_believing(1e-4)


def test_jitter_of_the_landmarks_is_not_taken_over():
    truth = walker(90)
    jitter = np.random.default_rng(5).normal(scale=4.0, size=(90, 33, 2))
    refined = _refined(seen_as(truth, truth.track.landmarks_px + jitter)).points_camera()
    wild_mm = 1e3 * np.abs(np.diff(refined - truth.points_camera(), n=2, axis=0))[..., :2].mean()
    landmarks_mm = 1e3 * np.abs(np.diff(jitter, n=2, axis=0)).mean() * 4.0 / K[0, 0]
    assert wild_mm < 0.15 * landmarks_mm


def test_what_is_not_seen_follows_its_neighbours():
    truth = walker(90)
    wrong = replace(truth, root_camera=truth.root_camera + np.array([0.04, 0.0, 0.0]))
    landmarks_px = np.array(truth.track.landmarks_px)
    landmarks_px[40:43] = np.nan
    errors = error_mm(_refined(wrong, landmarks_px=landmarks_px), truth)
    assert errors[40:43].max() < 0.5 * error_mm(wrong, truth)[40:43].min()


def test_a_landmark_that_is_never_seen_changes_nothing_wild():
    truth = walker(45)
    landmarks_px = np.array(truth.track.landmarks_px)
    landmarks_px[:, 15] = np.nan
    assert error_mm(_refined(truth, landmarks_px=landmarks_px), truth).max() < 0.1


def test_nothing_seen_at_all_leaves_the_lift():
    lift = walker(20)
    refined = _refined(lift, landmarks_px=np.full((20, 33, 2), np.nan))
    np.testing.assert_allclose(refined.R_parent_from_joint, lift.R_parent_from_joint, atol=1e-9)
    np.testing.assert_array_equal(refined.root_camera, lift.root_camera)


@pytest.mark.parametrize("frames", [1, 2, 4])
def test_the_shortest_clips_are_refined_too(frames):
    truth = walker(frames)
    wrong = wrong_lift(truth, np.random.default_rng(6))
    assert error_mm(_refined(wrong), truth).mean() < error_mm(wrong, truth).mean()


def test_somebody_half_behind_the_camera_stays_finite_and_near_the_lift():
    truth = true_lift(reaching_and_stepping(root=(0.1, 0.2, 0.15), frames=20))
    wrong = wrong_lift(truth, np.random.default_rng(7))
    refined = _refined(wrong)
    assert np.isfinite(refined.points_camera()).all()
    assert _turned_rad(wrong, refined).max() < 1.6


def test_wild_landmarks_do_not_break_limbs():
    truth = walker(60)
    landmarks_px = truth.track.landmarks_px + np.random.default_rng(8).normal(scale=400.0, size=(60, 33, 2))
    refined = _refined(truth, landmarks_px=landmarks_px)
    assert _turned_rad(truth, refined).max() < 0.6


def test_an_elbow_bent_backwards_is_brought_back():
    truth = walker(30)
    R = np.array(truth.R_parent_from_joint)
    R[:, JOINT["left_elbow"]] = matrix_from_axis_angle(np.array([0.0, 0.5, 0.0]))
    lift = replace(truth, R_parent_from_joint=R)
    unseen = np.full((30, 33, 2), np.nan)

    def backwards(each):
        return bends(hinges_of(each, slice(None)), np.zeros((30, 22, 3)))[0][:, 1].min()

    assert backwards(lift) < -0.4
    assert backwards(_refined(lift, landmarks_px=unseen)) > -0.1


def test_twice_the_frame_rate_tells_the_same():
    slow, fast = walker(46, rate=30.0), walker(91, rate=60.0)

    def shifted(lift):
        return replace(lift, root_camera=lift.root_camera + np.array([0.05, 0.0, 0.0]))

    at_30, at_60 = (_refined(shifted(each)).root_camera for each in (slow, fast))
    np.testing.assert_allclose(at_60[::2], at_30, atol=2e-3)


def test_windows_cover_all_frames_and_overlap():
    found = list(windows(1000, 300, 30))
    covered = np.zeros(1000, dtype=int)
    for window in found:
        covered[window] += 1
    assert (covered >= 1).all() and all(window.stop - window.start <= 300 for window in found)
    assert all(a.stop - b.start == 30 for a, b in zip(found, found[1:], strict=False))
    assert list(windows(299, 300, 30)) == [slice(0, 299)]


def test_long_clips_have_no_seams_between_windows():
    truth = walker(700)
    wrong = wrong_lift(truth, np.random.default_rng(9))
    correction = _refined(wrong).root_camera - wrong.root_camera
    assert np.abs(np.diff(correction, n=2, axis=0)).max() < 2e-3


def test_time_is_linear_in_the_clips_length():
    def seconds(frames):
        lift = wrong_lift(walker(frames), np.random.default_rng(10))
        start = time.process_time()
        _refined(lift)
        return time.process_time() - start

    seconds(150)
    assert seconds(900) < 2.0 * 6.0 * seconds(150)


def test_frames_that_are_no_numbers_are_handed_back_as_they_came():
    lift = walker(20)
    root = np.array(lift.root_camera)
    root[7] = np.nan
    refined = _refined(replace(lift, root_camera=root), landmarks_px=lift.track.landmarks_px + 5.0)
    np.testing.assert_array_equal(refined.root_camera, root)


def test_the_cost_never_rises():
    """Also where the landmarks contradict all that bones allow."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        lift = wrong_lift(walker(30), rng, turn_rad=0.5)
        known = replace(trust(lift), landmarks_px=rng.uniform(0.0, 1000.0, (30, 33, 2)))
        cost = cost_of_frames(lift, known, SETTINGS, slice(None))
        coefficients = [least_costly(cost, rounds) for rounds in range(4)]
        values = [cost.of(each) for each in coefficients]
        assert all(later <= earlier for earlier, later in zip(values, values[1:], strict=False))


def test_the_lift_given_stays_as_it_is():
    truth = walker(20)
    wrong = wrong_lift(truth, np.random.default_rng(11))
    before = np.array(wrong.R_parent_from_joint)
    _refined(wrong)
    np.testing.assert_array_equal(wrong.R_parent_from_joint, before)
