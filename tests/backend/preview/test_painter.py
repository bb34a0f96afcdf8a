"""A body drawn over a picture is where its vertices project, and nowhere else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from backend.body.skinning import posed_vertices
from backend.preview.painter import Figure, paint
from backend.preview.shading import face_smoothing, shaded, smooth_normals
from backend.preview.view import View
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT_COUNT
from tests.box_body import box_body_model

WIDTH, HEIGHT = 321, 243
ORANGE, BLUE = (240, 150, 60), (60, 120, 230)

_CUBE_FACES = np.array([[0, 2, 1], [1, 2, 3], [4, 5, 6], [5, 7, 6], [0, 1, 4], [1, 5, 4],
                        [2, 6, 3], [3, 6, 7], [0, 4, 2], [2, 4, 6], [1, 3, 5], [3, 7, 5]])  # fmt: skip
_CUBE = np.array([(x, y, z) for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)], dtype=np.float32)


def view_along_z(focal_px: float = 300.0) -> View:
    """From the world's origin, its axes the camera's."""
    K = np.array([[focal_px, 0, 150.3], [0, focal_px, 120.7], [0, 0, 1]])
    return View(K, np.eye(3), np.zeros(3), WIDTH, HEIGHT)


def figure(vertices: np.ndarray, faces: np.ndarray, colour: tuple[int, int, int], opacity: float = 1.0) -> Figure:
    normals = smooth_normals(vertices, faces, face_smoothing(faces, len(vertices)))
    return Figure(vertices.astype(np.float32), faces, normals, colour, opacity)


def cube(middle: tuple[float, float, float], half: float, colour: tuple[int, int, int], opacity: float = 1.0) -> Figure:
    return figure(half * _CUBE + np.array(middle, dtype=np.float32), _CUBE_FACES, colour, opacity)


def painted(*figures: Figure, view: View | None = None) -> np.ndarray:
    picture = np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)
    paint(picture, figures, view or view_along_z())
    return picture


def covered(*figures: Figure, view: View | None = None) -> np.ndarray:
    """Which pixels are covered by more than half: there black and white ground differ by less than half."""
    on_white = np.full((HEIGHT, WIDTH, 3), 255, dtype=np.uint8)
    paint(on_white, figures, view or view_along_z())
    return (on_white.astype(int) - painted(*figures, view=view)).max(axis=2) < 128


def distance_inside(px: np.ndarray) -> np.ndarray:
    """How far each pixel's middle is inside the convex hull of places [N, 2] px; at most 0 outside."""
    hull = cv2.convexHull(px.astype(np.float32))[:, 0]
    middles = np.stack(np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5), axis=-1)
    sides = np.roll(hull, -1, axis=0) - hull
    inwards = np.stack([-sides[:, 1], sides[:, 0]], axis=-1) / np.linalg.norm(sides, axis=1, keepdims=True)
    distances = np.einsum("hwnc,nc->hwn", middles[:, :, None] - hull, inwards)
    return distances.min(axis=-1)


@pytest.mark.parametrize("turn", [(0.0, 0.0, 0.0), (0.3, 0.5, -0.2), (-1.1, 0.4, 2.0)])
def test_a_cube_covers_exactly_the_hull_of_its_projected_corners(turn):
    view = view_along_z()
    vertices = 0.31 * _CUBE @ matrix_from_axis_angle(np.array(turn)).T + (0.1, -0.07, 2.3)
    inside_px = distance_inside(view.project(vertices)[0])
    drawn = covered(figure(vertices, _CUBE_FACES, ORANGE), view=view)
    assert (inside_px > 0.5).sum() > 5000 and drawn[inside_px > 0.5].all()
    assert not drawn[inside_px < -0.75].any()


def test_a_body_is_left_where_it_is_left_and_high_where_it_is_high():
    model = box_body_model()
    body = model.shaped([])
    standing = np.tile(np.eye(3), (1, JOINT_COUNT, 1, 1))
    standing[:, 0] = np.diag([1.0, -1.0, -1.0])  # upright before a camera whose y points down, face towards it
    vertices = posed_vertices(body, standing, np.array([[0.2, 0.1, 4.0]]))[0]
    view = view_along_z(380.0)
    drawn = covered(figure(vertices, model.faces, ORANGE), view=view)
    px = view.project(vertices)[0]
    columns, rows = np.flatnonzero(drawn.any(axis=0)), np.flatnonzero(drawn.any(axis=1))
    np.testing.assert_allclose((columns[0], columns[-1] + 1), (px[:, 0].min(), px[:, 0].max()), atol=1.0)
    np.testing.assert_allclose((rows[0], rows[-1] + 1), (px[:, 1].min(), px[:, 1].max()), atol=1.0)


def test_the_nearer_body_hides_the_farther_one_in_any_order():
    near, far = cube((0, 0, 2), 0.2, ORANGE), cube((0, 0, 4), 0.8, BLUE)
    for order in ((near, far), (far, near)):
        picture = painted(*order)
        assert picture[120, 150, 0] > picture[120, 150, 2]
        assert picture[120, 100, 2] > picture[120, 100, 0]


def test_the_picture_shines_through_by_the_opacity():
    solid, glassy = (painted(cube((0, 0, 2), 0.3, ORANGE, opacity))[120, 150].astype(float) for opacity in (1.0, 0.75))
    np.testing.assert_allclose(glassy, 0.75 * solid, atol=1.5)
    over_white = np.full((HEIGHT, WIDTH, 3), 255, dtype=np.uint8)
    paint(over_white, [cube((0, 0, 2), 0.3, ORANGE, 0.75)], view_along_z())
    np.testing.assert_allclose(over_white[120, 150], 0.75 * solid + 0.25 * 255, atol=2.0)
    assert (over_white[0, 0] == 255).all()


def test_nothing_behind_the_camera_is_drawn():
    assert not painted(cube((0, 0, -2), 0.3, ORANGE)).any()


def test_a_body_around_the_camera_draws_no_more_than_what_is_before_it():
    model = box_body_model()
    rng = np.random.default_rng(1)
    for _ in range(20):
        R = matrix_from_axis_angle(rng.normal(0, 1.0, (1, JOINT_COUNT, 3)))
        vertices = posed_vertices(model.shaped([]), R, rng.normal(0, 0.4, (1, 3)))[0]
        painted(figure(vertices, model.faces, ORANGE))


def test_a_body_partly_outside_is_cut_at_the_border():
    middle_px = np.array([-20.0, 120.0])
    x, y = (middle_px - (150.3, 120.7)) / 300.0 * 2.0
    drawn = covered(cube((x, y, 2.0), 0.3, ORANGE))
    assert drawn[120, :20].all() and not drawn[:, 60:].any()


def test_a_step_of_a_tenth_of_a_pixel_changes_the_edge():
    step = 0.1 / 300.0 * 1.7
    first, second = (painted(cube((x, 0, 2), 0.3, ORANGE)) for x in (0.0, 4 * step))
    assert (first != second).any()
    assert np.abs(first.astype(int) - second).max() < 160


def test_the_light_comes_from_the_upper_left_of_the_view():
    def brightness(normal: tuple[float, float, float]) -> float:
        unit = np.array([normal]) / np.linalg.norm(normal)
        return float(shaded(unit, ORANGE, view_along_z())[0, 0])

    assert brightness((-1, -1, -1)) > brightness((1, -1, -1)) > brightness((1, 1, -1))
    assert brightness((-1, -1, -1)) > brightness((-1, 1, -1))
