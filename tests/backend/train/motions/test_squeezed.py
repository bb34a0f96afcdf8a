"""Packing loses nothing but what rounding takes."""

from __future__ import annotations

import lzma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from backend.train.motions.squeezed import (
    packed,
    packed_masks,
    packed_series,
    rotation_steps,
    rotations_of,
    unpacked_masks,
    unpacked_series,
    unpacked_up_to,
)
from motion.rotations import matrix_from_axis_angle

SERIES = arrays.arrays(np.int16, st.tuples(st.integers(1, 9), st.just(3)))
MASKS = arrays.arrays(bool, st.tuples(st.integers(1, 9), st.just(6)))


@given(st.lists(SERIES, max_size=4))
@settings(max_examples=25, deadline=None)
def test_whole_numbers_come_back_exactly_even_where_differences_overflow(series) -> None:
    read = unpacked_series(packed_series(series), [len(each) for each in series], 3, np.int16)
    for each, again in zip(series, read, strict=True):
        np.testing.assert_array_equal(again, each)


@given(st.lists(MASKS, max_size=4))
@settings(max_examples=25, deadline=None)
def test_masks_come_back(masks) -> None:
    read = unpacked_masks(packed_masks(masks), [len(each) for each in masks], 6)
    for each, again in zip(masks, read, strict=True):
        np.testing.assert_array_equal(again, each)


@pytest.mark.parametrize("angle", [0.0, 1e-9, 0.3, np.pi - 1e-7, np.pi, 2.0 * np.pi - 1e-4])
def test_every_angle_is_kept_to_a_twentieth_of_a_degree(angle: float) -> None:
    R = matrix_from_axis_angle(angle * np.array([[[0.6, 0.0, -0.8], [0.0, 1.0, 0.0]]]))
    again = rotations_of(rotation_steps(R))
    assert np.rad2deg(np.linalg.norm(again - R, axis=(-2, -1)).max() / np.sqrt(2.0)) < 0.05


def test_a_joint_that_turns_on_and_on_does_not_jump() -> None:
    turns = np.linspace(0.0, 6.2, 100)[:, None, None] * np.array([0.0, 1.0, 0.0])
    steps = rotation_steps(matrix_from_axis_angle(turns))
    assert np.abs(np.diff(steps.astype(int), axis=0)).max() < 70


def test_what_unpacks_to_more_than_is_allowed_or_ends_early_is_refused() -> None:
    with pytest.raises(ValueError, match="more than it says"):
        unpacked_up_to(packed(bytes(5000)), 4999)
    with pytest.raises(ValueError, match="ends too early"):
        unpacked_up_to(packed(bytes(range(200)))[:-9], 4999)
    with pytest.raises(lzma.LZMAError):
        unpacked_up_to(b"no such thing", 4999)
