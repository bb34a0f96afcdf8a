from __future__ import annotations

import cv2
import numpy as np

from backend.cameras.from_footage.follow_points import PointFollower
from backend.cameras.from_footage.path_of_shot import path_of_shot
from motion.arrays import Array
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from tests.backend.cameras.made_up_background import SIZE, K

WIDTH, HEIGHT = SIZE
FRAMES = 24
EVERYTHING = np.full((HEIGHT, WIDTH), 255, np.uint8)


def wall() -> Array:
    """A far wall, larger than the picture, with something to see at every size."""
    rng = np.random.default_rng(2)
    grey = np.zeros((3 * HEIGHT, 3 * WIDTH), np.float32)
    for size in (4, 12, 40):
        coarse = rng.random((3 * HEIGHT // size + 1, 3 * WIDTH // size + 1), np.float32)
        grey += cv2.resize(coarse, (3 * WIDTH, 3 * HEIGHT), interpolation=cv2.INTER_CUBIC)
    return cv2.normalize(grey, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)


def picture(R_first_from_camera: Array, grey: Array) -> Array:
    to_wall = np.array([[1.0, 0.0, WIDTH], [0.0, 1.0, HEIGHT], [0.0, 0.0, 1.0]])
    H = to_wall @ K @ R_first_from_camera @ np.linalg.inv(K)
    return cv2.warpPerspective(grey, H, SIZE, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def followed(pictures, masks=None):
    follower = PointFollower(K, np.random.default_rng(0))
    for number, grey in enumerate(pictures):
        follower.look(number, grey, EVERYTHING if masks is None else masks[number])
    return follower.trails(len(pictures))


def swing(turn_deg) -> Array:
    """There and back again."""
    share = np.sin(np.linspace(0.0, np.pi, FRAMES))[:, None]
    return matrix_from_axis_angle(share * np.radians(turn_deg))


def off_deg(trails, true: Array) -> Array:
    path = path_of_shot(trails, np.arange(FRAMES) / 30.0, "auto", np.random.default_rng(0))
    R = np.swapaxes(true, -1, -2) @ path.R_first_from_camera
    return np.degrees(np.linalg.norm(axis_angle_from_matrix(R), axis=-1))


def test_a_camera_that_swings_round_and_comes_back_is_found_back() -> None:
    true, grey = swing((3, 25, 5)), wall()
    off = off_deg(followed([picture(R, grey) for R in true]), true)
    assert off.max() < 0.05 and off[-1] < 0.02


def test_people_in_front_do_not_matter() -> None:
    grey, true = wall(), swing((0, 8, 0))
    someone = np.random.default_rng(4).integers(0, 255, (200, 120), dtype=np.uint8)
    pictures, masks = [picture(R, grey) for R in true], []
    for number, each in enumerate(pictures):
        left = 50 + 15 * number
        each[100:300, left : left + 120] = someone
        mask = EVERYTHING.copy()
        mask[90:310, left - 10 : left + 130] = 0
        masks.append(mask)
    assert off_deg(followed(pictures, masks), true).max() < 0.05


def test_a_thing_that_moves_and_nobody_knows_of_is_outvoted() -> None:
    grey, true = wall(), swing((0, 0, 0))
    bus = np.random.default_rng(4).integers(0, 255, (140, 260), dtype=np.uint8)
    pictures = [picture(R, grey) for R in true]
    for number, each in enumerate(pictures):
        each[200:340, 12 * number : 12 * number + 260] = bus
    assert not off_deg(followed(pictures), true).any()


def test_a_blurred_moment_is_passed_over() -> None:
    grey, true = wall(), swing((0, 15, 0))
    pictures = [picture(R, grey) for R in true]
    for number in (9, 10):
        pictures[number] = cv2.blur(pictures[number], (161, 9))
    trails = followed(pictures)
    off = off_deg(trails, true)
    assert np.delete(off, [9, 10]).max() < 0.1 and off.max() < 1.0


def test_bare_walls_tie_nothing() -> None:
    trails = followed([np.full((HEIGHT, WIDTH), 120, np.uint8)] * FRAMES)
    path = path_of_shot(trails, np.arange(FRAMES) / 30.0, "auto", np.random.default_rng(0))
    assert path.confidence == 0.0
