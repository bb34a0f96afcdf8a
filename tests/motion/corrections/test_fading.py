"""Weights that fade twice differentiably."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motion.corrections.fading import bumps, plateau, smooth_step


def test_a_step_begins_and_ends_without_speed_or_acceleration():
    u = np.array([0.0, 1e-3, 1.0 - 1e-3, 1.0])
    np.testing.assert_allclose(smooth_step(u), [0.0, 0.0, 1.0, 1.0], atol=2e-8)
    np.testing.assert_allclose(smooth_step(np.array([-1.0, 0.5, 2.0])), [0.0, 0.5, 1.0])


@given(st.lists(st.integers(0, 99), min_size=1, max_size=6, unique=True), st.floats(1.0, 40.0))
def test_a_bump_is_1_at_its_own_key_and_0_at_all_others(keys, reach):
    keys = sorted(keys)
    weights = bumps(100, keys, reach)
    np.testing.assert_allclose(weights[:, keys], np.eye(len(keys)), atol=1e-12)
    assert weights.min() >= 0.0 and weights.sum(axis=0).max() <= 1.0 + 1e-12
    far = np.abs(np.arange(100)[None] - np.array(keys)[:, None]).min(axis=0) >= reach
    assert weights[:, far].max(initial=0.0) == 0.0


def test_between_two_keys_within_reach_bumps_share_all():
    np.testing.assert_allclose(bumps(100, [40, 50], 15.0)[:, 40:51].sum(axis=0), 1.0)


def test_a_plateau_is_flat_inside_and_gone_beyond_its_fade():
    weight = plateau(np.linspace(0.0, 10.0, 101), 3.0, 5.0, 1.0)
    assert (weight[30:51] == 1.0).all() and weight[:20].max() == weight[61:].max() == 0.0
