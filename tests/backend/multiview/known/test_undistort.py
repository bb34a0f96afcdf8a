from __future__ import annotations

import numpy as np
import pytest

from backend.multiview.known.undistort import undistorted_px, undistorted_track
from backend.track.tracks import Track
from motion.arrays import Array

K = np.array([[1400.0, 0.0, 970.0], [0.0, 1380.0, 530.0], [0.0, 0.0, 1.0]])
COEFFICIENTS = np.array([0.11, -0.07, 0.002, -0.003, 0.01])
GRID_PX = np.stack(np.meshgrid(np.linspace(30, 1890, 7), np.linspace(30, 1050, 5)), axis=-1)


def distorted(points_px: Array, k: Array) -> Array:
    """Brown's model as OpenCV documents it, by hand."""
    x, y = np.moveaxis((points_px - K[:2, 2]) / K[[0, 1], [0, 1]], -1, 0)
    r2 = x * x + y * y
    radial = 1 + k[0] * r2 + k[1] * r2**2 + k[4] * r2**3
    seen = np.stack([x * radial + 2 * k[2] * x * y + k[3] * (r2 + 2 * x * x),
                     y * radial + k[2] * (r2 + 2 * y * y) + 2 * k[3] * x * y], axis=-1)  # fmt: skip
    return seen * K[[0, 1], [0, 1]] + K[:2, 2]


def seen_by_fisheye(points_px: Array, k: Array) -> Array:
    """Kannala and Brandt's model, by hand."""
    flat = (points_px - K[:2, 2]) / K[[0, 1], [0, 1]]
    radius = np.linalg.norm(flat, axis=-1, keepdims=True)
    angle = np.arctan(radius)
    bent = angle * (1 + sum(k[i] * angle ** (2 * i + 2) for i in range(4)))
    return flat * bent / radius * K[[0, 1], [0, 1]] + K[:2, 2]


def test_points_come_back_to_where_a_pinhole_shows_them() -> None:
    assert np.abs(distorted(GRID_PX, COEFFICIENTS) - GRID_PX).max() > 5.0
    assert np.allclose(undistorted_px(distorted(GRID_PX, COEFFICIENTS), K, COEFFICIENTS), GRID_PX, atol=1e-4)
    padded = np.concatenate([COEFFICIENTS, np.zeros(9)])
    assert np.allclose(undistorted_px(distorted(GRID_PX, COEFFICIENTS), K, padded), GRID_PX, atol=1e-4)


def test_a_fisheyes_points_do_too() -> None:
    k = np.array([0.05, -0.02, 0.01, -0.003])
    seen = seen_by_fisheye(GRID_PX, k)
    assert np.allclose(undistorted_px(seen, K, np.concatenate([k, np.zeros(10)]), fisheye=True), GRID_PX, atol=1e-4)


@pytest.mark.parametrize("fisheye", [False, True])
def test_gaps_stay_gaps(fisheye) -> None:
    points_px = np.array([[[np.nan, 3.0], [900.0, 500.0]], [[np.nan, np.nan], [4.0, np.inf]]])
    result = undistorted_px(points_px, K, COEFFICIENTS[:4], fisheye)
    assert np.isnan(result[[0, 1, 1], [0, 0, 1]]).all() and np.isfinite(result[0, 1]).all()
    assert undistorted_px(np.zeros((0, 33, 2)), K, COEFFICIENTS).shape == (0, 33, 2)


def test_what_a_lens_shows_nowhere_is_no_point() -> None:
    barrel = np.array([-0.3, 0.0, 0.0, 0.0])    # shows nothing farther out than 1.4 focal lengths times 0.70
    assert np.isnan(undistorted_px(np.array([3500.0, 530.0]), K, barrel)).all()


def test_a_track_keeps_its_gaps_and_does_not_trust_what_lies_beyond_the_lens() -> None:
    frames = 3
    nothing = np.full((frames, 33, 2), np.nan)
    nothing[:2] = distorted(np.full((2, 33, 2), (300.0, 250.0)), COEFFICIENTS)
    seen, scores = np.array([True, True, False]), np.where([[1.0], [1.0], [0.0]], 0.9, 0.0) * np.ones((frames, 33))
    track = Track(np.arange(frames) / 30.0, seen, nothing, scores * seen[:, None], np.full((frames, 33), np.nan),
                  np.full((frames, 33, 3), np.nan), np.full((frames, 2, 21, 2), np.nan),
                  np.full((frames, 2, 21, 3), np.nan), np.zeros((frames, 2)))  # fmt: skip
    result = undistorted_track(track, K, COEFFICIENTS)
    assert np.allclose(result.landmarks_px[:2], (300.0, 250.0), atol=1e-3) and np.isnan(result.landmarks_px[2]).all()
    assert np.array_equal(result.scores, track.scores) and np.isnan(result.hands_px).all()
    far = track.landmarks_px.copy()
    far[0, 7] = (3500.0, 530.0)
    barrel = undistorted_track(Track(**{**vars(track), "landmarks_px": far}), K, np.array([-0.3, 0.0, 0.0, 0.0]))
    assert np.array_equal(barrel.landmarks_px[0, 7], (3500.0, 530.0)) and barrel.scores[0, 7] == 0.0
    assert barrel.scores[0, 6] == 0.9
