"""What a view sees where."""

from __future__ import annotations

import numpy as np
import pytest

from backend.preview.view import NEAR_M, View
from motion.rotations import matrix_from_axis_angle


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.fixture
def view(rng: np.random.Generator) -> View:
    K = np.array([[310.0, 0, 170], [0, 305.0, 118], [0, 0, 1]])
    return View(K, matrix_from_axis_angle(rng.normal(size=3)), np.array([0.3, -0.2, 4.0]), 320, 240)


def test_a_point_on_the_axis_is_at_the_principal_point_and_as_deep_as_it_is_far(view):
    point = view.centre_world + 2.5 * view.R_view_from_world[2]
    px, depth = view.project(point)
    np.testing.assert_allclose(px, (170, 118), atol=1e-9)
    assert depth == pytest.approx(2.5)


def test_a_smaller_picture_shows_the_same(view, rng):
    points = rng.normal(0, 0.5, (20, 3))
    px, depth = view.project(points)
    small_px, small_depth = view.scaled(160, 60).project(points)
    np.testing.assert_allclose(small_px, px * (0.5, 0.25))
    np.testing.assert_allclose(small_depth, depth)


def test_what_is_left_of_a_segment_is_before_the_camera_and_on_the_same_line(view, rng):
    starts = view.centre_world + rng.normal(0, 3.0, (200, 3))
    ends = view.centre_world + rng.normal(0, 3.0, (200, 3))
    px, left = view.visible_segments(starts, ends)
    depths = np.stack([view.project(starts)[1], view.project(ends)[1]])
    np.testing.assert_array_equal(left, depths.max(axis=0) >= NEAR_M)
    inside = (depths > 0.5).any(axis=0) & (depths < 0).any(axis=0)
    assert inside.sum() > 20
    for start, end, (first, second) in zip(starts[inside], ends[inside], px[inside], strict=True):
        between_px, depth = view.project(start + np.linspace(0, 1, 2001)[:, None] * (end - start))
        seen_px = between_px[depth > NEAR_M]
        along = (second - first) / np.linalg.norm(second - first)
        off_line = (seen_px - first) @ np.array([-along[1], along[0]])
        np.testing.assert_allclose(off_line, 0.0, atol=1e-6 * np.abs(px[inside]).max())
        assert ((seen_px - first) @ along >= -1e-6).all()
