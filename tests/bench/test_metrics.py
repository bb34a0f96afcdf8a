import numpy as np
import pytest

from bench import metrics
from motion.rotations import matrix_from_axis_angle


def walk(rng, frames=40):
    """Twelve joints on smooth paths, [T, 12, 3] m."""
    return np.cumsum(np.cumsum(rng.normal(size=(frames, 12, 3)) * 0.002, axis=0), axis=0) + rng.normal(size=(12, 3))


def test_the_truth_has_no_error(rng):
    truth = walk(rng)
    for measure in (metrics.mpjpe_mm, metrics.centroid_mpjpe_mm, metrics.pa_mpjpe_mm, metrics.acceleration_error_m_s2):
        assert measure(truth, truth) == pytest.approx(0.0, abs=1e-9)
    assert metrics.swapped_share(truth, truth) == 0.0


def test_a_shift_does_not_count(rng):
    truth = walk(rng)
    shifted = truth + rng.normal(size=(len(truth), 1, 3))
    assert metrics.mpjpe_mm(shifted, truth) == pytest.approx(0.0, abs=1e-9)
    assert metrics.centroid_mpjpe_mm(shifted, truth) == pytest.approx(0.0, abs=1e-9)


def test_turn_and_size_count_for_mpjpe_and_not_after_procrustes(rng):
    truth = walk(rng)
    turned = 1.3 * truth @ matrix_from_axis_angle(np.array([0.2, -0.4, 0.9])).T + 2.0
    assert metrics.pa_mpjpe_mm(turned, truth) == pytest.approx(0.0, abs=1e-6)
    assert metrics.mpjpe_mm(turned, truth) > 50


def test_a_mirror_image_is_not_aligned_away(rng):
    truth = walk(rng)
    assert metrics.pa_mpjpe_mm(truth * [-1.0, 1.0, 1.0], truth) > 50


def test_one_wrist_off_by_twelve_centimetres_is_ten_millimetres_in_the_mean(rng):
    truth = walk(rng)
    off = truth.copy()
    off[:, 5, 1] += 0.12
    assert metrics.mpjpe_mm(off, truth) == pytest.approx(10.0)


def test_exchanged_sides_are_found_where_they_are(rng):
    truth = walk(rng)
    swapped = truth.copy()
    swapped[10:20] = swapped[10:20][:, metrics.LEFT_RIGHT]
    assert metrics.swapped_share(swapped, truth) == pytest.approx(0.25)


def test_a_constant_push_has_its_acceleration_as_error():
    seconds = np.arange(0, 2, 1 / metrics.RATE)
    truth = np.zeros((len(seconds), 12, 3))
    pushed = truth.copy()
    pushed[:, 4, 0] = 0.5 * 6.0 * seconds**2            # one joint of twelve at 6 m/s^2
    assert metrics.acceleration_error_m_s2(pushed, truth) == pytest.approx(0.5)


def test_a_foot_that_slides_while_the_true_one_stands_slides_by_its_step():
    truth = np.zeros((30, 2, 3))
    truth[:, 1, 0] = np.arange(30) * 0.05               # the second foot walks: it does not count
    slid = truth.copy()
    slid[:, 0, 1] = np.arange(30) * 0.004
    assert metrics.foot_sliding_mm(slid, truth) == pytest.approx(4.0)
    assert metrics.foot_sliding_mm(slid, truth + np.arange(30)[:, None, None]) is None


def test_only_depth_under_the_floor_is_penetration():
    soles = np.array([[[0.0, 0.0, 0.03], [0.0, 0.0, -0.02]]])
    assert metrics.penetration_mm(soles) == pytest.approx(10.0)
    assert metrics.floating_mm(soles, np.array([[True, False]])) == pytest.approx(30.0)


def test_resampling_keeps_a_straight_path_straight():
    times_s = np.arange(0, 1.001, 1 / 60)
    path = times_s[:, None, None] * np.array([1.0, -2.0, 0.5])
    taken = metrics.at_rate(path, times_s)
    np.testing.assert_allclose(taken, (np.arange(len(taken)) / 30)[:, None, None] * np.array([1.0, -2.0, 0.5]))


def strolling(frames=230):
    """Joints about a root that goes round in a circle, [T, 22, 3] m."""
    angle = np.linspace(0.0, 7.0, frames)
    root = np.stack([2.0 * np.cos(angle), 2.0 * np.sin(angle), 0.9 + 0.02 * np.sin(9.0 * angle)], axis=1)
    return root[:, None] + np.random.default_rng(7).normal(scale=0.4, size=(22, 3))


def test_where_the_world_lies_and_how_large_it_is_does_not_count_for_chunks_of_a_hundred_frames():
    truth = strolling()
    elsewhere = 0.8 * truth @ matrix_from_axis_angle(np.array([0.3, 1.1, -0.7])).T + [4.0, -2.0, 1.0]
    assert metrics.wa_mpjpe100_mm(elsewhere, truth) == pytest.approx(0.0, abs=1e-6)
    assert metrics.w_mpjpe100_mm(elsewhere, truth) == pytest.approx(0.0, abs=1e-6)


def test_a_drift_counts_from_the_first_two_frames_of_each_chunk():
    truth = strolling(200)
    drifted = truth + np.maximum(0, np.arange(200) % 100 - 1)[:, None, None] * [0.0, 0.0, 0.001]
    assert metrics.w_mpjpe100_mm(drifted, truth) == pytest.approx(np.maximum(0, np.arange(100) - 1).mean())
    assert metrics.wa_mpjpe100_mm(drifted, truth) < 0.5 * metrics.w_mpjpe100_mm(drifted, truth)


def test_rte_counts_size_and_not_where_the_path_lies():
    root = strolling()[:, 0]
    turned = root @ matrix_from_axis_angle(np.array([0.1, -0.2, 2.0])).T + [1.0, 2.0, 3.0]
    assert metrics.rte_percent(turned, root) == pytest.approx(0.0, abs=1e-9)
    off = 1.1 * root
    expected = 100.0 * np.linalg.norm(0.1 * (root - root.mean(axis=0)), axis=1).mean() / metrics.path_length_m(root)
    assert metrics.rte_percent(off, root) == pytest.approx(expected)


def test_short_paths_have_no_rte():
    root = np.stack([np.linspace(0.0, 2.9, 50), np.zeros(50), np.zeros(50)], axis=1)
    assert metrics.rte_percent(root, root) is None


def test_feet_that_move_as_the_true_ones_slide_no_further_than_those():
    truth = np.zeros((30, 1, 3))
    truth[:, 0, 0] = 0.003 * np.arange(30)
    assert metrics.sliding_beyond_truth_mm(truth, truth) == 0.0
    assert metrics.sliding_beyond_truth_mm(2.0 * truth, truth) == pytest.approx(3.0)
    assert metrics.sliding_beyond_truth_mm(0.0 * truth, truth) == pytest.approx(-3.0)
