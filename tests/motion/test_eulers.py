from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.eulers import eulers_from_matrix, turned_about

ORDERS = ["".join(order) for order in itertools.permutations("XYZ")]
ANGLES = st.one_of(st.floats(-20.0, 20.0), st.integers(-8, 8).map(lambda n: n * np.pi / 2),
                   st.integers(-8, 8).map(lambda n: n * np.pi / 2 + 1e-6))  # fmt: skip


def turned(angles, order):
    """By another formula: of Blender's "XYZ" the first letter turns first, so that it stands rightmost."""
    return turned_about(order[::-1], angles[..., ["XYZ".index(axis) for axis in order[::-1]]])


@pytest.mark.parametrize("order", ORDERS)
@given(angles=st.lists(st.tuples(ANGLES, ANGLES, ANGLES), min_size=1, max_size=6))
def test_the_angles_turn_as_the_matrices_do(order, angles):
    R = turned(np.array(angles), order)
    np.testing.assert_allclose(turned(eulers_from_matrix(R, order), order), R, atol=2e-5)


@pytest.mark.parametrize("order", ORDERS)
def test_smooth_angles_come_back_as_they_were_through_every_pole_and_whole_turns(order):
    t = np.linspace(0.0, 6.0, 400)
    angles = np.stack([9.0 * np.sin(1.3 * t), 2.9 * np.sin(t), 1.0 - 4.0 * np.cos(0.7 * t)], axis=-1)
    found = eulers_from_matrix(turned(angles, order), order)
    np.testing.assert_allclose(np.diff(found, axis=0), np.diff(angles, axis=0), atol=1e-9)


@pytest.mark.parametrize("order", ORDERS)
def test_a_bone_that_stays_at_the_pole_does_not_tremble(order):
    rng = np.random.default_rng(4)
    angles = np.zeros((60, 3))
    angles[:, "XYZ".index(order[1])] = np.pi / 2
    R = turned(angles, order) + rng.normal(size=(60, 3, 3)) * 1e-8
    assert np.abs(np.diff(eulers_from_matrix(R, order), axis=0)).max() < 1e-6


def test_bones_do_not_disturb_each_other():
    t = np.linspace(0.0, 5.0, 90)
    angles = np.stack([np.stack([s * np.sin(s * t), np.cos(t), t], axis=-1) for s in (1.0, 2.0, 3.0)], axis=1)
    R = turned(angles, "YZX")
    each = np.stack([eulers_from_matrix(R[:, bone], "YZX") for bone in range(3)], axis=1)
    np.testing.assert_array_equal(eulers_from_matrix(R, "YZX"), each)


def test_half_a_turn_about_the_middle_axis_is_told_as_that():
    R = turned(np.array([[0.0, np.pi, 0.0]]), "XYZ")
    np.testing.assert_allclose(np.abs(eulers_from_matrix(R, "XYZ")), [[0.0, np.pi, 0.0]], atol=1e-9)
