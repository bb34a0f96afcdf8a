import numpy as np
import pytest

from backend.multiview.scale.flight import fall_of, flights
from motion.filters import gaussian_smoothed
from motion.rotations import matrix_from_axis_angle
from tests.backend.multiview.scale.jumper import GRAVITY_M_S2, UP, jumps, swinging_arms

UNIT_M = 0.8


def test_a_jump_falls_as_the_earth_pulls_in_any_frame_and_unit(rng):
    landmarks, times_s = jumps((0.5,))
    R = matrix_from_axis_angle(rng.normal(size=3))
    [flight] = flights(landmarks @ R.T / UNIT_M, times_s, R @ UP, UNIT_M)
    np.testing.assert_allclose(flight.fall, -GRAVITY_M_S2 / UNIT_M * (R @ UP), atol=1e-6)
    assert 0.8 < flight.begin_s < flight.end_s < 1.3
    assert flight.end_s - flight.begin_s > 0.4


def test_several_jumps_through_noise_are_told_within_their_sigma(rng):
    landmarks, times_s = jumps((0.4, 0.5, 0.6))
    noise = gaussian_smoothed(rng.normal(size=landmarks.shape), 60.0, 0.04)
    found = flights(landmarks + 0.01 * noise / noise.std(), times_s, UP, 1.0)
    fall = fall_of(found)
    assert fall.count == 3
    assert abs(np.log(fall.rate / GRAVITY_M_S2)) < 2.0 * fall.sigma_log < 0.15


def test_up_may_be_ten_degrees_off():
    landmarks, times_s = jumps((0.5,))
    leaning = matrix_from_axis_angle(np.radians([7.0, 0.0, 7.0])) @ UP
    [flight] = flights(landmarks, times_s, leaning, 1.0)
    assert flight.rate == pytest.approx(GRAVITY_M_S2, rel=1e-6)


@pytest.mark.parametrize("frames", [0, 1, 4])
def test_a_moment_holds_no_flight(frames):
    landmarks, times_s = jumps((0.5,))
    assert flights(landmarks[:frames], times_s[:frames], UP, 1.0) == ()


def moved(rise_m):
    """Somebody whose whole body is lifted by rise_m [T] between standing for a second before and after."""
    times_s = np.arange(len(rise_m) + 120) / 60.0
    return swinging_arms(times_s) + np.pad(rise_m, 60)[:, None, None] * UP, times_s


def test_who_crouches_hangs_or_is_carried_does_not_fly():
    second = np.arange(120) / 60.0
    crouching, hanging = -0.3 * np.sin(np.pi * second / 2.0), np.full(120, 0.4)
    carried = 0.4 * np.sin(np.pi * second / 2.0) ** 2
    for rise_m in (crouching, hanging, carried):
        assert flights(*moved(rise_m), UP, 1.0) == ()


def test_who_swings_on_a_rope_does_not_fly():
    swing_rad = 0.5 * np.sin(2.0 * np.pi * np.arange(180) / 120.0)
    landmarks, times_s = moved(np.full(180, 0.5))
    landmarks[60:240, :, 0] += 2.5 * np.sin(swing_rad)[:, None]
    landmarks[60:240, :, 1] += 2.5 * (1.0 - np.cos(swing_rad))[:, None]
    found = flights(landmarks, times_s, UP, 1.0)
    assert all(flight.rate < 0.5 * GRAVITY_M_S2 for flight in found)


def test_without_flights_nothing_is_told():
    assert fall_of(()) is None


def test_what_is_hidden_for_a_moment_does_not_end_a_flight():
    landmarks, times_s = jumps((0.5,))
    rng = np.random.default_rng(3)
    landmarks = np.where(rng.random((len(times_s), 33, 1)) < 0.1, np.nan, landmarks)
    [flight] = flights(landmarks, times_s, UP, 1.0)
    assert flight.end_s - flight.begin_s > 0.4
    assert flight.rate == pytest.approx(GRAVITY_M_S2, rel=0.01)
