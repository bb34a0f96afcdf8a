from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.cameras.camera_path import CameraPath, standing_camera
from backend.job.cache import Cache
from motion.rotations import matrix_from_axis_angle

TURNS = matrix_from_axis_angle(np.array([[0, 0, 0], [0, 0.2, 0], [0, 0.6, 0.0]]))


def path() -> CameraPath:
    places_first = np.array([[0.0, 0, 0], [1, 0, 0], [3, 0, 0]])
    return CameraPath(np.array([0.0, 1.0, 2.0]), TURNS, places_first, "travelling", 0.7,
                      turn_sigma_rad=np.array([0.0, 0.01, 0.02]), verticals_camera=np.eye(3)[:1])  # fmt: skip


def test_turns_lead_from_picture_to_picture() -> None:
    R = np.eye(3)
    for turn, true in zip(path().turns(), TURNS, strict=True):
        R = turn @ R
        assert np.allclose(R, true.T)


def test_at_other_times_it_lies_between() -> None:
    half = path().at(np.array([0.5, 1.0, 1.5, 9.0]))
    assert np.allclose(half.R_first_from_camera, matrix_from_axis_angle(
        np.array([[0, 0.1, 0], [0, 0.2, 0], [0, 0.4, 0], [0, 0.6, 0]])))  # fmt: skip
    assert np.allclose(half.places_first[:, 0], [0.5, 1, 2, 3])
    assert (half.kind, half.confidence, half.places_known) == ("travelling", 0.7, True)


def test_it_is_kept_as_it_was(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.kept("camera", CameraPath, ["clip"], lambda: [path(), standing_camera(np.zeros(1))])
    kept, standing = cache.kept("camera", CameraPath, ["clip"], list)
    assert np.array_equal(kept.R_first_from_camera, path().R_first_from_camera)
    assert np.array_equal(kept.verticals_camera, path().verticals_camera) and kept.up_first.shape == (0, 3)
    assert (kept.kind, kept.confidence, kept.source, kept.in_metres) == ("travelling", 0.7, "footage", False)
    assert (standing.kind, standing.source) == ("static", "stated")


def test_shapes_are_checked_at_birth() -> None:
    with pytest.raises(ValueError, match="places_first must be"):
        CameraPath(np.zeros(3), TURNS, np.zeros((2, 3)), "static", 1.0)
