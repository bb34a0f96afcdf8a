import time

import numpy as np
import pytest

from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from motion.smoothing import smoothed_motion

RATE = 30.0


def swinging(rng, seconds=3.0, rate=RATE, joints=4):
    """Joints that swing about axes of their own, [T, J, 3, 3], and a root that sways, [T, 3] m."""
    times_s = np.arange(0.0, seconds, 1.0 / rate)
    axes, rest = rng.normal(size=(2, joints, 3))
    turns = 0.4 * np.sin(2 * np.pi * 0.7 * times_s)[:, None, None] * axes
    root = 0.2 * np.stack([np.sin(2 * times_s), np.cos(3 * times_s), times_s], axis=-1)
    return matrix_from_axis_angle(rest) @ matrix_from_axis_angle(turns), root


def trembling(rng, **how):
    R, root = swinging(rng, **how)
    return R @ matrix_from_axis_angle(0.02 * rng.normal(size=R.shape[:-1])), root + 0.005 * rng.normal(size=root.shape)


def jerks(values):
    return np.linalg.norm(np.diff(values, 3, axis=0), axis=-1).mean()


def angles_rad(R, other):
    return np.linalg.norm(axis_angle_from_matrix(np.swapaxes(R, -1, -2) @ other), axis=-1)


def test_strength_zero_changes_nothing(rng):
    R, root = trembling(rng)
    same = smoothed_motion(R, root, RATE, 0.0)
    np.testing.assert_array_equal(same[0], R)
    np.testing.assert_array_equal(same[1], root)


def test_noise_goes_and_more_strength_takes_more_of_it(rng):
    R, root = trembling(rng)
    left = [jerks(smoothed_motion(R, root, RATE, strength)[1]) for strength in (0.0, 0.4, 1.0)]
    assert left[2] < left[1] < left[0]
    assert left[2] < 0.2 * left[0]


def test_noisy_turns_come_nearer_to_the_true_ones(rng):
    true_R, _ = swinging(np.random.default_rng(3))
    R, root = trembling(np.random.default_rng(3))
    smooth, _ = smoothed_motion(R, root, RATE, 1.0)
    assert angles_rad(smooth, true_R).mean() < 0.75 * angles_rad(R, true_R).mean()


def test_what_comes_back_are_rotations(rng):
    R, root = smoothed_motion(*trembling(rng), RATE, 1.0)
    np.testing.assert_allclose(R @ np.swapaxes(R, -1, -2), np.broadcast_to(np.eye(3), R.shape), atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(R), 1.0)


def test_constant_speed_is_kept_through_many_turns(rng):
    times_s = np.arange(90) / RATE
    axes = rng.normal(size=(3, 3))
    R = matrix_from_axis_angle(rng.normal(size=(3, 3))) @ matrix_from_axis_angle(4.0 * times_s[:, None, None] * axes)
    root = np.array([1.0, 2.0, 0.9]) + 1.5 * times_s[:, None] * np.array([0.6, -0.8, 0.0])
    smooth_R, smooth_root = smoothed_motion(R, root, RATE, 1.0)
    np.testing.assert_allclose(smooth_R, R, atol=1e-9)
    np.testing.assert_allclose(smooth_root, root, atol=1e-9)


def test_joints_that_never_move_stay_exactly(rng):
    R, root = trembling(rng)
    R[:, 2] = R[0, 2]
    np.testing.assert_array_equal(smoothed_motion(R, root, RATE, 1.0)[0][:, 2], R[:, 2])


def test_reversed_in_time_is_smoothed_alike(rng):
    R, root = trembling(rng)
    there = smoothed_motion(R, root, RATE, 1.0)
    back = smoothed_motion(R[::-1], root[::-1], RATE, 1.0)
    np.testing.assert_allclose(back[0][::-1], there[0], atol=1e-9)
    np.testing.assert_allclose(back[1][::-1], there[1], atol=1e-9)


def test_it_does_not_matter_how_the_world_lies(rng):
    R, root = trembling(rng)
    Q, shift = matrix_from_axis_angle(np.array([0.3, 2.0, -1.0])), np.array([10.0, -4.0, 1.0])
    turned = R.copy()
    turned[:, 0] = Q @ R[:, 0]
    smooth_R, smooth_root = smoothed_motion(R, root, RATE, 1.0)
    other_R, other_root = smoothed_motion(turned, root @ Q.T + shift, RATE, 1.0)
    np.testing.assert_allclose(other_R[:, 0], Q @ smooth_R[:, 0], atol=1e-9)
    np.testing.assert_allclose(other_R[:, 1:], smooth_R[:, 1:], atol=1e-9)
    np.testing.assert_allclose(other_root, smooth_root @ Q.T + shift, atol=1e-9)


def test_half_a_turn_is_like_any_other_place():
    times_s = np.arange(90) / RATE
    tremble = 0.05 * np.sin(2 * np.pi * 6.0 * times_s)[:, None, None] * np.array([0.0, 0.0, 1.0])
    root = np.zeros((90, 3))
    about_zero = matrix_from_axis_angle(tremble)
    half = matrix_from_axis_angle(np.array([0.0, 0.0, np.pi]))
    smooth_half, _ = smoothed_motion(half @ about_zero, root, RATE, 1.0)
    np.testing.assert_allclose(smooth_half, half @ smoothed_motion(about_zero, root, RATE, 1.0)[0], atol=1e-9)


@pytest.mark.parametrize("rate", [12.0, 24.0, 60.0, 120.0])
def test_the_rate_does_not_matter(rate):
    def hop_at(frames_s, wanted_s):
        times_s = np.arange(0.0, 3.0, 1.0 / frames_s)
        root = np.zeros((len(times_s), 3))
        root[:, 2] = 0.3 * np.exp(-0.5 * ((times_s - 1.5) / 0.15) ** 2)
        R = matrix_from_axis_angle(root[:, None] * np.ones((1, 2, 1)))
        smooth_R, smooth = smoothed_motion(R, root, frames_s, 1.0)
        turns = axis_angle_from_matrix(smooth_R)[:, 1, 2]
        return [np.interp(wanted_s, times_s, values) for values in (smooth[:, 2], turns)]

    wanted_s = np.array([0.5, 1.25, 1.5, 1.75, 2.0])
    for here, there in zip(hop_at(rate, wanted_s), hop_at(240.0, wanted_s), strict=True):
        np.testing.assert_allclose(here, there, atol=0.012)


def test_a_kick_keeps_its_peak_and_its_moment(rng):
    times_s = np.arange(0.0, 3.0, 1.0 / RATE)
    kick = 1.6 * np.exp(-0.5 * ((times_s - 1.5) / 0.1) ** 2)
    turns = np.zeros((len(times_s), 2, 3))
    turns[:, 1, 0] = kick
    R = matrix_from_axis_angle(turns + 0.01 * rng.normal(size=turns.shape))
    smooth = axis_angle_from_matrix(smoothed_motion(R, np.zeros((len(R), 3)), RATE, 1.0)[0])[:, 1, 0]
    assert smooth.max() > 0.96 * kick.max()
    assert abs(int(smooth.argmax()) - int(kick.argmax())) <= 1
    assert smooth[:30].std() < 0.5 * 0.01


@pytest.mark.parametrize("frames", [0, 1, 2, 3, 4])
def test_few_frames_come_back_as_many(frames, rng):
    R, root = trembling(rng)
    smooth = smoothed_motion(R[:frames], root[:frames], RATE, 1.0)
    assert smooth[0].shape == R[:frames].shape and smooth[1].shape == (frames, 3)
    assert all(np.isfinite(part).all() for part in smooth)
    if frames < 3:
        np.testing.assert_array_equal(smooth[1], root[:frames])


def test_a_skeleton_turned_at_random_is_sound(rng):
    R = matrix_from_axis_angle(3.0 * rng.normal(size=(50, 3, 3)))
    smooth = smoothed_motion(R, 100.0 * rng.normal(size=(50, 3)), RATE, 1.0)
    assert all(np.isfinite(part).all() for part in smooth)
    np.testing.assert_allclose(np.linalg.det(smooth[0]), 1.0)


def test_nothing_given_is_changed(rng):
    R, root = trembling(rng)
    before = R.copy(), root.copy()
    smoothed_motion(R, root, RATE, 1.0)
    np.testing.assert_array_equal(R, before[0])
    np.testing.assert_array_equal(root, before[1])


def test_twice_the_frames_take_about_twice_the_time(rng):
    def seconds(frames):
        R = matrix_from_axis_angle(0.02 * rng.normal(size=(frames, 4, 3)))
        start_s = time.process_time()
        smoothed_motion(R, np.zeros((frames, 3)), RATE, 1.0)
        return time.process_time() - start_s

    seconds(100)
    assert seconds(4000) < 4.0 * max(seconds(2000), 0.02)
