"""The floor of the side view is at z = 0, its squares are a metre wide, and shadows tell standing from floating."""

from __future__ import annotations

import numpy as np
import pytest

from backend.body.skinning import posed_vertices
from backend.preview.floor import body_parts, cast_shadows, floor_picture, square_side_m
from backend.preview.side_view import side_view
from backend.preview.view import View
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT_COUNT
from tests.box_body import PELVIS_HEIGHT, box_body_model

WIDTH, HEIGHT = 480, 360
ORANGE = (240, 150, 60)
SOLE_NAMES = tuple(f"{side}_{part}_sole" for side in ("left", "right") for part in ("heel", "ball", "toe"))


@pytest.fixture
def paths() -> list[np.ndarray]:
    return [np.stack([np.full(20, 0.4), np.linspace(-1.4, 1.3, 20), np.full(20, 0.9)], axis=1)]


@pytest.fixture
def view(paths: list[np.ndarray]) -> View:
    joints = np.concatenate([paths[0] + (0, 0, 0.8), paths[0] - (0, 0, 0.9)])
    return side_view(joints, np.array([[[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]]), 90.0, WIDTH, HEIGHT)


def at(picture: np.ndarray, view: View, point: tuple[float, float, float]) -> np.ndarray:
    x, y = view.project(np.array(point))[0]
    return picture[int(y), int(x)].astype(int)


def darkest_around(picture: np.ndarray, view: View, point: tuple[float, float, float]) -> int:
    x, y = view.project(np.array(point))[0].astype(int)
    return int(picture[y - 1 : y + 2, x - 1 : x + 2].min())


def test_lines_lie_on_whole_metres_of_the_floor_and_nowhere_between(view, paths):
    picture = floor_picture(view, [path + (50.0, 0, 0) for path in paths] + paths, [ORANGE] * 2, 7.0)
    background = int(picture[0, 0].min())
    for x, y in ((0, 0.5), (1, -0.5), (0.5, 1), (-0.5, -1), (-1, 0.3)):
        assert darkest_around(picture, view, (x, y, 0.0)) < background - 15
    for x, y in ((0.6, 0.5), (-0.5, -0.5), (-0.5, 0.5), (0.7, -0.5)):
        assert darkest_around(picture, view, (x, y, 0.0)) == background


def test_the_path_is_drawn_on_the_floor_in_the_person_s_colour(view, paths):
    picture = floor_picture(view, paths, [ORANGE], 7.0)
    red, _, blue = at(picture, view, (0.4, 0.37, 0.0))
    assert red > blue + 40
    red, _, blue = at(picture, view, (0.4, 0.37, 0.9))
    assert abs(red - blue) < 5


@pytest.mark.parametrize("metres, side", [(0, 1), (5, 1), (79, 1), (120, 10), (4000, 100)])
def test_far_walks_get_larger_squares(metres, side):
    assert square_side_m([np.array([(0.0, 0, 1), (metres, 0, 1)])]) == side


def standing(lift_m: float) -> np.ndarray:
    """Vertices of the box person at the origin, the soles `lift_m` above the floor."""
    R = np.tile(np.eye(3), (1, JOINT_COUNT, 1, 1))
    R[:, 0] = matrix_from_axis_angle(np.array([np.pi / 2, 0, 0]))
    return posed_vertices(box_body_model().shaped([]), R, np.array([[0.0, 0.0, PELVIS_HEIGHT + lift_m]]))[0]


def shadow(view: View, lift_m: float) -> np.ndarray:
    body = box_body_model().shaped([])
    picture = np.full((HEIGHT, WIDTH, 3), 240, dtype=np.uint8)
    cast_shadows(picture, view, [(standing(lift_m), body_parts(body))])
    return picture


def sole_places() -> np.ndarray:
    """The six points of the soles of the person who stands at the origin, [6, 3] m."""
    model = box_body_model()
    soles = [model.points[model.point_names.index(name)] for name in SOLE_NAMES]
    x, y, z = (np.array(soles) - model.joints[0]).T
    return np.stack([x, -z, y + PELVIS_HEIGHT], axis=1)


def test_the_darkest_shadow_is_under_the_soles_of_who_stands(view):
    picture = shadow(view, 0.0)
    soles = sole_places()
    np.testing.assert_allclose(soles[:, 2], 0.0, atol=1e-9)
    balls = [number for number, name in enumerate(SOLE_NAMES) if "ball" in name]
    assert all(darkest_around(picture, view, tuple(sole)) < 200 for sole in soles[balls])
    dark_px = np.argwhere(picture[..., 0] < 160)[:, ::-1] + 0.5
    soles_px = view.project(soles)[0]
    low, high = soles_px.min(axis=0) - 10, soles_px.max(axis=0) + 10
    assert len(dark_px) and ((dark_px > low) & (dark_px < high)).all()


def test_the_higher_somebody_floats_the_paler_the_shadow(view):
    darkest = [int(shadow(view, lift_m).min()) for lift_m in (0.0, 0.1, 0.3, 1.5)]
    assert darkest == sorted(darkest) and len(set(darkest)) == 4
    assert darkest[-1] >= 237


def test_body_parts_share_out_all_vertices():
    body = box_body_model().shaped([])
    parts = body_parts(body)
    assert len(parts) == JOINT_COUNT
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(len(body.vertices)))
