import numpy as np

from motion.filters import gaussian_smoothed, smoothed_keeping_fast


def test_a_line_stays_a_line_away_from_the_ends():
    line = np.linspace(0.0, 5.0, 100)
    np.testing.assert_allclose(gaussian_smoothed(line, 30.0, 0.1)[10:-10], line[10:-10], atol=1e-9)


def test_smoothing_does_not_delay():
    bump = np.exp(-0.5 * ((np.arange(101) - 50) / 4.0) ** 2)
    assert int(np.argmax(gaussian_smoothed(bump, 30.0, 0.2))) == 50


def test_gaps_stay_gaps_and_do_not_bleed():
    values = np.ones((40, 2))
    values[10:15] = np.nan
    smooth = gaussian_smoothed(values, 30.0, 0.1)
    assert np.isnan(smooth[10:15]).all()
    np.testing.assert_allclose(np.delete(smooth, np.s_[10:15], axis=0), 1.0)


def test_twice_the_rate_smooths_the_same_seconds():
    def smoothed_at(rate):
        times_s = np.arange(0.0, 4.0, 1.0 / rate)
        return np.interp(2.05, times_s, gaussian_smoothed(np.sin(2 * np.pi * times_s), rate, 0.1))

    np.testing.assert_allclose(smoothed_at(30.0), smoothed_at(60.0), atol=2e-3)


def test_noise_on_a_still_point_goes_and_a_punch_stays(rng):
    times_s = np.arange(0.0, 4.0, 1.0 / 60.0)
    punch = 0.6 * np.exp(-0.5 * ((times_s - 2.0) / 0.06) ** 2)      # 0.6 m out and back within a quarter of a second
    points = np.stack([punch, np.zeros_like(punch), np.zeros_like(punch)], axis=-1)
    smooth = smoothed_keeping_fast(points + rng.normal(size=points.shape) * 0.004, 60.0, 0.08, 0.012, 0.4)
    still = times_s < 1.5
    assert smooth[still].std() < 0.45 * 0.004
    assert smooth[:, 0].max() > 0.9 * 0.6


def test_one_frame_and_no_frame_come_back():
    assert smoothed_keeping_fast(np.ones((1, 2, 3)), 30.0, 0.1, 0.01, 1.0).shape == (1, 2, 3)
    assert gaussian_smoothed(np.ones((0, 3)), 30.0, 0.1).shape == (0, 3)


def test_who_moves_at_the_first_frame_is_not_dragged_inwards():
    times_s = np.arange(0.0, 2.0, 1.0 / 30.0)
    walking = np.stack([1.4 * times_s, np.zeros_like(times_s), np.zeros_like(times_s)], axis=-1)
    np.testing.assert_allclose(smoothed_keeping_fast(walking, 30.0, 0.1, 0.03, 1.0), walking, atol=1e-6)
