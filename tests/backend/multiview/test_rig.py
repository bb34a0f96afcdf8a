from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.multiview.rig import Rig, alone
from motion.rotations import matrix_from_axis_angle


def _rig(seed: int, count: int = 3) -> Rig:
    chance = np.random.default_rng(seed)
    R = matrix_from_axis_angle(chance.normal(size=(count, 3)))
    R[0] = np.eye(3)
    places = chance.normal(size=(count, 3))
    places[0] = 0.0
    starts_s, rates = chance.normal(size=count), chance.uniform(0.9, 1.1, count)
    starts_s[0], rates[0] = 0.0, 1.0
    return Rig(chance.uniform(1.0, 2.0, (count, 3, 3)), R, places, starts_s, rates)


@given(st.integers(0, 10_000), st.integers(0, 2))
def test_points_and_times_come_back_from_each_camera(seed: int, view: int) -> None:
    rig, points = _rig(seed), np.random.default_rng(seed).normal(size=(5, 3))
    assert np.allclose(rig.in_first(view, rig.in_camera(view, points)), points)
    assert np.allclose(rig.first_times_s(view, rig.own_times_s(view, points[:, 0])), points[:, 0])


@given(st.integers(0, 10_000))
def test_some_cameras_see_the_same_as_they_did_among_all(seed: int) -> None:
    rig, points = _rig(seed), np.random.default_rng(seed).normal(size=(5, 3))
    some = rig.only([2, 1])
    in_new_first = rig.in_camera(2, points)
    assert np.allclose(some.in_camera(0, in_new_first), in_new_first)
    assert np.allclose(some.in_camera(1, in_new_first), rig.in_camera(1, points))
    own_of_new_first = rig.own_times_s(2, points[:, 0])
    assert np.allclose(some.own_times_s(1, own_of_new_first), rig.own_times_s(1, points[:, 0]))


def test_one_camera_is_a_rig_of_its_own() -> None:
    rig = alone(np.eye(3))
    assert rig.count == 1
    assert np.array_equal(rig.in_camera(0, np.ones((2, 3))), np.ones((2, 3)))
