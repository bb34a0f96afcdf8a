from fractions import Fraction

import numpy as np
import pytest

from motion.resample import interpolate_linear, resampled
from tests.motion.made_up import made_up_motion


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(60), Fraction(24000, 1001), Fraction(240)])
def test_seconds_stay_seconds(rng, rate):
    motion = made_up_motion(rng, frames=40)
    other = resampled(motion, rate)
    assert other.rate == rate
    assert other.times_s[0] == motion.times_s[0]
    assert motion.times_s[-1] - 1.0 / float(rate) < other.times_s[-1] <= motion.times_s[-1] + 1e-9


def test_to_twice_the_rate_and_back_is_the_same_motion(rng):
    motion = made_up_motion(rng, frames=20)
    there_and_back = resampled(resampled(motion, motion.rate * 2), motion.rate)
    np.testing.assert_allclose(there_and_back.root_world, motion.root_world, atol=1e-9)
    np.testing.assert_allclose(there_and_back.R_parent_from_joint, motion.R_parent_from_joint, atol=1e-9)
    np.testing.assert_array_equal(there_and_back.seen, motion.seen)


def test_a_gap_beside_a_frame_does_not_reach_into_it():
    values = np.array([1.0, np.nan, 3.0, 4.0])
    taken = interpolate_linear(values, np.arange(4.0), np.array([0.0, 0.5, 2.0, 2.5, 3.0]))
    np.testing.assert_array_equal(taken, [1.0, np.nan, 3.0, 3.5, 4.0])


def test_one_frame_stays_one_frame(rng):
    assert resampled(made_up_motion(rng, frames=1), Fraction(60)).frame_count == 1
