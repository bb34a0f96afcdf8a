"""Crops lead from the picture to the network and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.detect.crop import BODY_GROWTH, Crop, applied, body_crop, cut_out

crops = st.builds(
    Crop, st.tuples(st.floats(-500, 2500), st.floats(-500, 2500)), st.floats(10, 3000), st.floats(-np.pi, np.pi)
)


@given(crops, st.sampled_from([64.0, 224.0, 256.0]))
def test_there_and_back_is_where_it_began(crop, size):
    points = np.array([[0.0, 0.0], [size, size / 2], [3.0, 7.0]])
    there = applied(crop.picture_from_crop(size), points)
    np.testing.assert_allclose(applied(crop.crop_from_picture(size), there), points, atol=1e-6 * size)


@given(crops)
def test_the_middle_of_a_crop_is_its_middle_and_its_corners_lie_half_a_diagonal_away(crop):
    corners = applied(crop.picture_from_crop(256), np.array([[128.0, 128], [0, 0], [256, 0], [256, 256], [0, 256]]))
    np.testing.assert_allclose(corners[0], crop.middle_px, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(corners[1:] - corners[0], axis=1), crop.side_px / np.sqrt(2), rtol=1e-6)


@given(st.floats(-np.pi, np.pi), st.floats(20, 900))
def test_in_its_crop_a_body_stands_upright(lean_rad, reach_px):
    middle_px = np.array([640.0, 360.0])
    rim_px = middle_px + reach_px * np.array([np.sin(lean_rad), -np.cos(lean_rad)])
    crop = body_crop(middle_px, rim_px)
    rim = applied(crop.crop_from_picture(256), rim_px)
    np.testing.assert_allclose(rim, [128, 128 - 128 / BODY_GROWTH], atol=1e-6)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turn_rad", [0.0, 0.7, np.pi / 2, -2.9])
def test_a_dot_in_the_picture_is_where_the_crop_says(turn_rad, mirrored):
    rgb = np.zeros((400, 600, 3), np.uint8)
    rgb[200:205, 350:355] = 255
    crop = Crop((330.0, 190.0), 256.0, turn_rad)
    piece = cut_out(rgb, crop, 256, mirrored)[..., 0]
    rows, columns = np.nonzero(piece > 0.5)
    expected = applied(crop.crop_from_picture(256), np.array([352.0, 202.0]))
    if mirrored:
        expected[0] = 256 - expected[0]
    np.testing.assert_allclose([columns.mean(), rows.mean()], expected, atol=0.3)


def test_beyond_the_picture_it_is_black_or_goes_on():
    white = np.full((100, 100, 3), 255, np.uint8)
    crop = Crop((0.0, 50.0), 100.0, 0.0)
    black = cut_out(white, crop, 64, beyond="black")
    assert black[:, :30].max() == 0 and black[20:40, 40:].min() == 1
    assert cut_out(white, crop, 64, beyond="edge").min() == 1
