"""The view from the side keeps everybody in the picture, upright and the right way round."""

from __future__ import annotations

import numpy as np
import pytest

from backend.preview.side_view import side_view
from motion.rotations import matrix_from_axis_angle

LOOKING_NORTH = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])  # along the world's y, level


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(12)


def tilted(pitch_deg: float, yaw_deg: float = 0.0) -> np.ndarray:
    """A camera that looks down by `pitch_deg` and left of north by `yaw_deg`."""
    down = matrix_from_axis_angle(np.array([np.radians(pitch_deg), 0, 0]))
    return (down @ LOOKING_NORTH @ matrix_from_axis_angle(np.array([0, 0, -np.radians(yaw_deg)])))[None]


def view_of(joints: np.ndarray, R: np.ndarray, angle_deg: float = 90.0):
    return side_view(joints, R, angle_deg, 480, 360)


@pytest.mark.parametrize("stage_m", [0.3, 3.0, 60.0])
@pytest.mark.parametrize("pitch_deg", [-80, 0, 10, 90])
def test_everybody_is_in_the_picture_for_the_whole_clip(rng, stage_m, pitch_deg):
    joints = rng.uniform((-stage_m, -stage_m, 0), (stage_m, stage_m, 2.1), (500, 3)) + (7.0, -3.0, 0.0)
    view = view_of(joints, tilted(pitch_deg, 33.0))
    px, depth = view.project(joints)
    assert depth.min() > 0.1
    assert (px > 0).all() and (px < (480, 360)).all()


def test_the_picture_is_filled(rng):
    joints = rng.uniform((-2, -2, 0), (2, 2, 1.8), (500, 3))
    px, _ = view_of(joints, tilted(5)).project(joints)
    assert (np.ptp(px, axis=0) / (480, 360)).max() > 0.7


def test_who_walks_away_from_the_footage_camera_walks_to_the_right_in_the_side_view():
    path = np.array([(0.0, y, 1.0) for y in (-1.0, 0.0, 1.0)])
    px, _ = view_of(path, tilted(8)).project(path)
    assert (np.diff(px[:, 0]) > 0).all()
    np.testing.assert_allclose(px[:, 1], px[0, 1], atol=1e-6)


def test_it_is_turned_by_the_angle_about_the_vertical():
    joints = np.array([(0.0, 0.0, 0.0), (0.2, 0.1, 1.7)])
    for angle_deg in (0.0, 40.0, 90.0, 180.0):
        ahead = view_of(joints, tilted(20), angle_deg).R_view_from_world[2]
        assert np.degrees(np.arctan2(ahead[1], ahead[0])) % 360 == pytest.approx((90 + angle_deg) % 360)


@pytest.mark.parametrize("pitch_deg", [-89, -30, 0, 30, 89])
def test_the_tilt_of_the_footage_camera_does_not_matter(rng, pitch_deg):
    joints = rng.uniform((-1, -1, 0), (1, 1, 1.8), (50, 3))
    usual, other = (view_of(joints, tilted(degrees, 70)).R_view_from_world for degrees in (3, pitch_deg))
    np.testing.assert_allclose(other, usual, atol=1e-9)


def test_verticals_stay_upright_and_level_lines_stay_level():
    joints = np.array([(-1.0, -1.0, 0.0), (1.0, 1.0, 1.8)])
    view = view_of(joints, tilted(15, 25))
    foot, head = view.project(np.array([(0.0, 0.0, 0.0), (0.0, 0.0, 1.8)]))[0]
    assert foot[0] == pytest.approx(head[0]) and foot[1] > head[1]
    assert view.R_view_from_world[0, 2] == pytest.approx(0.0, abs=1e-12)
