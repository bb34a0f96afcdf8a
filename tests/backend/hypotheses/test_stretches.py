import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.hypotheses.stretches import lasting, scatter_of, stretches

RATE = 30.0


def hill(frames: int, first: int, last: int, height_m: float) -> np.ndarray:
    scatter = np.full(frames, 0.03)
    scatter[first : last + 1] = height_m
    return scatter


def test_nine_of_ten_by_weight_lie_within_the_scatter(rng):
    offsets, weights = rng.uniform(0.0, 0.5, (40, 7)), rng.uniform(0.1, 1.0, (40, 7))
    scatter = scatter_of(offsets, weights)
    within = (weights * (offsets <= scatter)).sum(axis=0) / weights.sum(axis=0)
    without_it = (weights * (offsets < scatter)).sum(axis=0) / weights.sum(axis=0)
    assert (within >= 0.9).all()
    assert (without_it < 0.9).all()


def test_a_stretch_is_where_the_scatter_is_wide():
    assert stretches(hill(100, 30, 60, 0.15), RATE) == [(30, 60)]


@pytest.mark.parametrize("scatter", [hill(100, 30, 60, 0.09), hill(100, 30, 37, 0.5), np.zeros(0), np.full(3, 1.0)],
                         ids=["small", "short", "no frames", "three frames"])  # fmt: skip
def test_what_is_small_or_short_is_none(scatter):
    assert stretches(scatter, RATE) == []


def test_a_short_calm_does_not_part_a_stretch_and_a_long_one_does():
    both = np.maximum(hill(100, 10, 30, 0.15), hill(100, 38, 60, 0.15))
    assert stretches(both, RATE) == [(10, 60)]
    assert len(stretches(both, 10.0)) == 2, "the same frames are three times as long"


@given(st.integers(0, 2**32 - 1), st.integers(1, 900), st.sampled_from([24.0, 30.0, 120.0]))
def test_a_long_stretch_is_parted_without_a_gap(seed, frames, rate):
    found = stretches(np.random.default_rng(seed).uniform(0.11, 0.3, frames), rate)
    assert all(last - first < 3.0 * rate for first, last in found)
    covered = [frame for first, last in found for frame in range(first, last + 1)]
    assert covered == (list(range(frames)) if frames >= round(0.33 * rate) else [])


def test_something_lasts_while_it_keeps_half_of_its_size():
    size = np.array([0.2, 0.2, 0.05, 0.1, 0.16, 0.3, 0.16, 0.14, 0.5])
    assert lasting(size, 2, 7) == (4, 6)
    assert lasting(np.zeros(4), 1, 2) == (0, 3)
