"""Rates from time stamps."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.video.timing import USUAL_RATES, as_rate, constant_rate, nearest_usual_rate


@given(rate=st.sampled_from(USUAL_RATES), count=st.integers(300, 600), ticks_a_second=st.sampled_from([1000, 90000]))
def test_times_rounded_to_ticks_still_have_their_rate(rate, count, ticks_a_second):
    exact_s = np.arange(count) / float(rate)
    stamped_s = np.round(exact_s * ticks_a_second) / ticks_a_second
    assert constant_rate(stamped_s, 1 / ticks_a_second, [rate]) == rate


def test_a_missing_picture_is_no_constant_rate():
    times_s = np.delete(np.arange(100) / 25, 40)
    assert constant_rate(times_s, 1 / 90000, [Fraction(25)]) is None


def test_a_container_that_lies_is_not_believed():
    assert constant_rate(np.arange(200) / 50, 1 / 90000, [Fraction(90000), Fraction(30)]) == 50


@pytest.mark.parametrize(
    "rough, rate",
    [(19001 / 317, Fraction(60000, 1001)), (29.97, Fraction(30000, 1001)), (30.0, 30), (23.976, Fraction(24000, 1001)),
     (17.5, Fraction(35, 2)), (1000.0, 1000)],
)  # fmt: skip
def test_a_typed_rate_is_the_one_that_is_meant(rough, rate):
    assert as_rate(rough) == rate


@pytest.mark.parametrize("interval_s, rate", [(0.0334, 30), (0.0417, 24), (0.2, 5), (1 / 17, 17), (1e-5, 240)])
def test_a_variable_rate_is_near_a_usual_one_or_itself(interval_s, rate):
    times_s = np.cumsum(np.r_[0, np.full(30, interval_s), 1.7])
    assert float(nearest_usual_rate(times_s)) == pytest.approx(rate, rel=0.002)
