"""Few keys for many frames."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.hermite import curve_through, fitted_slopes
from motion.retarget.keys.reduce_keys import reduced_keys

TOLERANCE_M = 0.01


def arm(channels):
    """The elbow and the hand [N, 2, 3] m of an arm of two bones of 0.3 m, turned by two angles in a plane."""
    first, second = channels[:, 0], channels[:, 0] + channels[:, 1]
    elbow = 0.3 * np.stack([np.cos(first), np.sin(first), 0 * first], axis=-1)
    return np.stack([elbow, elbow + 0.3 * np.stack([np.cos(second), np.sin(second), 0 * second], axis=-1)], axis=1)


def waving(frames=200, rate=30.0):
    times_s = np.arange(frames) / rate
    return np.stack([np.sin(2.1 * times_s) + 0.2 * np.sin(9.0 * times_s), 1.0 + np.cos(3.3 * times_s)], axis=-1)


def off_m(times, channels, measure, reduced):
    """How far off the reduced curves are, measured anew: [T] m of the worst point."""
    played = curve_through(times, reduced.keys, channels, reduced.slopes)
    return np.linalg.norm(measure(played) - measure(channels), axis=-1).max(axis=-1)


@pytest.mark.parametrize("tolerance_m", [0.002, 0.01, 0.05])
def test_nothing_is_farther_off_than_the_tolerance_and_few_keys_do(tolerance_m):
    times, channels = 100.0 + 0.8 * np.arange(200), waving()
    reduced = reduced_keys(times, channels, arm, tolerance_m)
    off = off_m(times, channels, arm, reduced)
    assert off.max() <= tolerance_m
    np.testing.assert_allclose(reduced.error_m, off, atol=1e-12)
    assert len(reduced.keys) < 60


def test_a_larger_tolerance_takes_fewer_keys():
    counts = [len(reduced_keys(np.arange(200.0), waving(), arm, mm / 1000.0).keys) for mm in (1, 3, 10, 30)]
    assert counts == sorted(counts, reverse=True) and counts[0] > 2 * counts[-1]


def test_there_is_a_key_wherever_one_must_be_and_at_both_ends():
    always = [3, 4, 77, 150]
    reduced = reduced_keys(np.arange(200.0), waving(), arm, 0.5, always)
    assert {0, 199, *always} <= set(reduced.keys.tolist())


def test_hardly_a_key_could_be_left_out():
    times, channels = np.arange(200.0), waving()
    keys = reduced_keys(times, channels, arm, TOLERANCE_M).keys
    needless = 0
    for key in keys[1:-1]:
        fewer = keys[keys != key]
        played = curve_through(times, fewer, channels, fitted_slopes(times, fewer, channels))
        needless += np.linalg.norm(arm(played) - arm(channels), axis=-1).max() <= TOLERANCE_M
    assert needless <= 0.15 * len(keys)


def test_the_worst_point_is_the_hand_when_the_elbow_does_not_move():
    channels = waving()
    channels[:, 0] = 0.4
    reduced = reduced_keys(np.arange(200.0), channels, arm, TOLERANCE_M)
    assert reduced.worst_point == 1 and np.all(reduced.slopes[:, 0] == 0.0)


def leaning(frames=200):
    """Channels of an arm whose shoulder sways while the hand rests on a table: the place, and both angles."""
    sway = 0.12 * np.sin(0.21 * np.arange(float(frames)))
    way = np.stack([0.3 - sway, np.full(frames, -0.25)], axis=-1)
    bend = np.arccos(np.sum(way**2, axis=-1) / (2.0 * 0.3 * 0.3) - 1.0)
    return np.stack([sway, np.arctan2(way[:, 1], way[:, 0]) - 0.5 * bend, bend], axis=-1)


def leaning_arm(channels):
    """Its elbow and its hand [N, 2, 3] m."""
    points = arm(channels[:, 1:])
    points[..., 0] += channels[:, :1]
    return points


def test_what_stands_still_is_held_more_exactly_than_what_moves():
    times, channels = np.arange(200.0), leaning()
    np.testing.assert_allclose(leaning_arm(channels)[:, 1], [[0.3, -0.25, 0.0]] * 200, atol=1e-12)
    reduced = reduced_keys(times, channels, leaning_arm, TOLERANCE_M)
    played = curve_through(times, reduced.keys, channels, reduced.slopes)
    _, hand = np.linalg.norm(leaning_arm(played) - leaning_arm(channels), axis=-1).max(axis=0)
    assert hand <= 0.25 * TOLERANCE_M and len(reduced.keys) < 40


def test_who_stands_still_needs_two_keys():
    reduced = reduced_keys(np.arange(50.0), np.full((50, 2), 0.3), arm, 1e-6)
    assert reduced.keys.tolist() == [0, 49] and reduced.error_m.max() == 0.0


@given(seed=st.integers(0, 2**31), frames=st.integers(1, 12))
def test_any_noise_is_kept_within_any_tolerance(seed, frames):
    channels = np.random.default_rng(seed).normal(size=(frames, 2))
    reduced = reduced_keys(np.arange(float(frames)), channels, arm, 1e-6)
    if frames > 1:
        assert off_m(np.arange(float(frames)), channels, arm, reduced).max() <= 1e-6
    assert reduced.keys[0] == 0 and reduced.keys[-1] == frames - 1
