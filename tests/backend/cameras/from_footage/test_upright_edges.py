import cv2
import numpy as np
import pytest

from backend.cameras.camera_path import CameraPath
from backend.cameras.from_footage.upright_edges import in_first_axes, upright_edges
from backend.cameras.projection import projected
from motion.rotations import matrix_from_axis_angle
from tests.backend.world.tilted import up_from_angles

WIDTH, HEIGHT = 640, 360
K = np.array([[600.0, 0.0, 320.0], [0.0, 600.0, 180.0], [0.0, 0.0, 1.0]])
EVERYWHERE = np.full((HEIGHT, WIDTH), 255, np.uint8)


def drawn(*bars):
    """A grey picture of bright bars, each from one place to another [3] m in the camera's frame, 3 cm wide."""
    picture = np.full((HEIGHT, WIDTH), 70, np.uint8)
    for start, end in bars:
        start, end = np.array(start, float), np.array(end, float)
        side = 0.03 * np.cross(end - start, [0.0, 0.0, 1.0]) / np.linalg.norm(end - start)
        corners = projected(np.stack([start - side, start + side, end + side, end - side]), K)
        cv2.fillConvexPoly(picture, np.rint(corners * 16.0).astype(np.int32), 200, cv2.LINE_AA, shift=4)
    return picture


def posts(up, at=((-1.2, 0.6, 4.0), (0.1, 0.6, 4.5), (1.4, 0.7, 5.0))):
    return [(place, np.array(place) + 1.8 * up) for place in at]


@pytest.mark.parametrize("roll, pitch", [(0.0, 0.0), (4.0, 12.0), (-10.0, 5.0)])
def test_posts_stand_in_the_planes_that_are_found(roll, pitch):
    up = up_from_angles(roll, pitch)
    normals = upright_edges(drawn(*posts(up)), EVERYWHERE, K)
    assert len(normals) >= 6                       # both sides of each post
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1.0)
    assert np.rad2deg(np.arcsin(np.abs(normals @ up))).max() < 0.7
    assert np.abs(normals[:, 0]).min() > 0.9       # planes that stand, whichever way they are counted


def test_shelves_and_short_edges_are_no_posts():
    shelf, stub = ((-1.0, 0.0, 4.0), (1.0, 0.1, 4.0)), ((0.5, 0.0, 4.0), (0.5, 0.08, 4.0))
    assert upright_edges(drawn(shelf, stub), EVERYWHERE, K).shape == (0, 3)


def test_joints_of_the_floor_are_no_posts():
    joint = ((0.3, 1.0, 3.0), (0.3, 1.0, 7.0))
    assert len(upright_edges(drawn(joint), EVERYWHERE, K)) == 0


def test_legs_and_sleeves_are_no_posts():
    up = up_from_angles(0.0, 0.0)
    outside = EVERYWHERE.copy()
    outside[100:200, 300:380] = 0                  # somebody stands before the middle of the second post
    seen = upright_edges(drawn(*posts(up)), outside, K)
    assert 4 <= len(seen) < len(upright_edges(drawn(*posts(up)), EVERYWHERE, K))


def test_an_empty_picture_has_no_edges():
    assert upright_edges(np.full((HEIGHT, WIDTH), 128, np.uint8), EVERYWHERE, K).shape == (0, 3)


def test_edges_of_later_pictures_come_in_the_first_ones_axes():
    R = matrix_from_axis_angle(np.array([[0.0, 0.0, 0.0], [0.1, 0.4, 0.05]]))
    path = CameraPath(np.array([0.0, 1.0]), R, np.zeros((2, 3)), "turning", 1.0)
    up_first = up_from_angles(0.0, 8.0)
    edges = [(shot, upright_edges(drawn(*posts(R[shot].T @ up_first)), EVERYWHERE, K)) for shot in (0, 1)]
    found = in_first_axes(edges, path)
    assert len(found) == sum(len(normals) for _, normals in edges)
    assert np.rad2deg(np.arcsin(np.abs(found @ up_first))).max() < 0.7
    assert in_first_axes([], path).shape == (0, 3)
