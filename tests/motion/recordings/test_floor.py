import numpy as np

from motion.recordings.floor import floor_height

RATE_HZ = 60.0


def test_the_floor_is_the_lowest_level_on_which_soles_rest():
    soles = np.zeros((240, 4, 3))
    soles[:120, :, 2], soles[120:, :, 2] = 0.31, 0.73                       # the floor, then a step
    soles[60:70, 0] += np.linspace(0.0, 0.2, 10)[:, None] * [1.0, 0.0, -1.0]   # a heel that shoots below it
    assert abs(floor_height(soles, RATE_HZ) - 0.31) < 0.005


def test_whoever_never_rests_tells_no_floor():
    times = np.arange(120) / RATE_HZ
    soles = np.stack([3.0 * times, 0.0 * times, 1.0 + 0.0 * times], axis=-1)[:, None].repeat(4, axis=1)
    assert floor_height(soles, RATE_HZ) is None
