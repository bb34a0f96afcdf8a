"""Many samples in few groups."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.hypotheses.representatives import grouped

CHANCE = np.random.default_rng(4)
BLOBS = np.concatenate([CHANCE.normal(middle, 0.1, (count, 3)) for middle, count in ((0.0, 30), (5.0, 10), (-4.0, 60))])


def test_what_lies_together_becomes_one_with_its_share() -> None:
    groups = grouped(BLOBS, 3, seed=0)
    assert sorted(np.round(groups.shares, 6)) == [0.1, 0.3, 0.6]
    middles = groups.means(BLOBS)
    np.testing.assert_allclose(sorted(middles[:, 0]), [-4.0, 0.0, 5.0], atol=0.1)


def test_groups_serve_better_than_as_many_samples_by_chance() -> None:
    points = CHANCE.normal(size=(200, 6))
    middles = grouped(points, 20, seed=1).means(points)

    def beside(some: np.ndarray) -> float:
        return float(np.linalg.norm(CHANCE.normal(size=(500, 1, 6)) - some, axis=-1).min(axis=1).mean())

    assert beside(middles) < 0.95 * np.mean([beside(points[start : start + 20]) for start in range(0, 200, 20)])


@given(st.integers(1, 12), st.integers(1, 12), st.booleans())
def test_no_group_is_empty_and_shares_make_up_all(samples: int, count: int, alike: bool) -> None:
    points = np.ones((samples, 2)) if alike else CHANCE.normal(size=(samples, 2))
    groups = grouped(points, count, seed=2)
    assert len(groups.shares) == min(samples, count)
    assert (groups.shares > 0).all() and abs(groups.shares.sum() - 1.0) < 1e-9
    assert set(groups.group) == set(range(len(groups.shares)))


def test_as_many_groups_as_samples_leave_them_as_they_are() -> None:
    np.testing.assert_array_equal(grouped(BLOBS, 100, seed=0).means(BLOBS), BLOBS)
