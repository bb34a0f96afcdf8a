"""Cubic curves through some of many samples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.hermite import curve_through, fitted_slopes


def bezier(start, end, slope_before, slope_after, times):
    """What Blender plays between two keys (time, value) with handles at a third: de Casteljau, time solved for."""
    (t0, v0), (t1, v1) = start, end
    third = (t1 - t0) / 3.0
    handles = [t0 + third, v0 + third * slope_before], [t1 - third, v1 - third * slope_after]
    points = np.array([[t0, v0], *handles, [t1, v1]])

    def at(u):
        level = points
        while len(level) > 1:
            level = (1 - u) * level[:-1] + u * level[1:]
        return level[0]

    found = []
    for time in times:
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if at(middle)[0] < time else (low, middle)
        found.append(at(low)[1])
    return np.array(found)


def test_the_curve_is_the_bezier_that_blender_plays():
    times = np.array([1.0, 2.0, 2.5, 4.0, 6.0, 7.0])
    values = np.array([[0.3], [9.0], [9.0], [-1.2], [9.0], [2.0]])
    slopes = np.array([[1.7], [-0.4], [3.0]])
    played = curve_through(times, np.array([0, 3, 5]), values, slopes)[:, 0]
    np.testing.assert_allclose(played[:4], bezier((1.0, 0.3), (4.0, -1.2), 1.7, -0.4, times[:4]), atol=1e-9)
    np.testing.assert_allclose(played[3:], bezier((4.0, -1.2), (7.0, 2.0), -0.4, 3.0, times[3:]), atol=1e-9)


def test_samples_of_a_cubic_need_two_keys():
    times = np.linspace(3.0, 9.0, 40)
    values = np.stack([0.02 * times**3 - 0.2 * times**2 + times, 0.1 * times**2 - times], axis=-1)
    keys = np.array([0, 39])
    played = curve_through(times, keys, values, fitted_slopes(times, keys, values))
    np.testing.assert_allclose(played, values, atol=5e-3)


@given(seed=st.integers(0, 2**31), keys=st.sets(st.integers(1, 28), max_size=9))
def test_no_curve_leaves_the_span_of_two_keys_between_which_no_sample_does(seed, keys):
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.uniform(0.2, 2.0, 30))
    # Steps and rests, as of a foot that is planted, between which anything happens.
    values = np.cumsum(rng.normal(size=(30, 4)) * (rng.random((30, 4)) < 0.3), axis=0)
    keys = np.array([0, *sorted(keys), 29])
    played = curve_through(times, keys, values, fitted_slopes(times, keys, values))
    np.testing.assert_allclose(played[keys], values[keys], atol=1e-12)
    for start, end in zip(keys, keys[1:], strict=False):
        low, high = np.sort(values[[start, end]], axis=0)
        stays = np.all((values[start:end] >= low) & (values[start:end] <= high), axis=0)
        inside = (played[start:end] >= low - 1e-9) & (played[start:end] <= high + 1e-9)
        assert np.all(inside[:, stays])


def test_what_rests_between_two_keys_is_played_at_rest():
    values = np.concatenate([np.linspace(0.0, 5.0, 10), np.full(11, 5.0), np.linspace(5.0, -3.0, 10)])[:, None]
    times, keys = np.arange(31.0), np.array([0, 9, 20, 30])
    played = curve_through(times, keys, values, fitted_slopes(times, keys, values))
    assert np.all(played[9:21] == 5.0)


@pytest.mark.parametrize("frames", [2, 3])
def test_a_key_in_every_frame_plays_the_samples(frames):
    values = np.random.default_rng(2).normal(size=(frames, 3))
    times, keys = np.arange(float(frames)), np.arange(frames)
    played = curve_through(times, keys, values, fitted_slopes(times, keys, values))
    np.testing.assert_allclose(played, values, atol=1e-14)
