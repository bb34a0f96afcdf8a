from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from motion.motion import Camera, Motion
from motion.rotations import matrix_from_axis_angle
from motion.shots import shots_of, side_by_side_m
from motion.skeleton import Skeleton

RATE = Fraction(30000, 1001)


def motion(first: int, frames: int, rate: Fraction = RATE) -> Motion:
    turns = np.tile(np.eye(3), (frames, 55, 1, 1))
    return Motion(Skeleton(np.zeros((55, 3))), rate, turns, np.zeros((frames, 3)), start_s=first / float(rate))


def test_whoever_shares_time_shares_a_shot():
    assert shots_of([motion(0, 90), motion(60, 60), motion(119, 5)]) == [0, 0, 0]


@pytest.mark.parametrize("first", [1, 7, 1001, 98765])
def test_a_shot_that_begins_where_another_ends_is_another(first):
    assert shots_of([motion(first + 13, 20), motion(0, first), motion(first, 13), motion(first, 13)]) == [2, 0, 1, 1]


def test_shots_are_counted_in_the_order_of_time_without_those_in_which_nobody_is():
    assert shots_of([motion(500, 10), motion(30, 10)]) == [1, 0]


def test_nobody_is_in_no_shot():
    assert shots_of([]) == []


def looking_ahead(motion: Motion, width_px: int = 1000, yaw: float = 0.0) -> Motion:
    """Seen from 4 m before the origin by a camera whose picture is as wide as it is far away."""
    frames = motion.frame_count
    R_level = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    R = R_level @ matrix_from_axis_angle(np.array([0.0, 0.0, yaw])).T
    K = np.array([[1000.0, 0, width_px / 2], [0, 1000, 500], [0, 0, 1]])
    camera = Camera(np.tile(K, (frames, 1, 1)), np.tile(R, (frames, 1, 1)),
                    np.tile(-R @ np.array([0.0, -4.0, 1.5]), (frames, 1)), width_px, 1000,
                    np.full((frames, 33, 2), np.nan), np.zeros((frames, 33)))  # fmt: skip
    return replace(motion, cameras=(camera,))


def walked(motion: Motion, to: tuple[float, float]) -> Motion:
    return replace(motion, root_world=np.linspace((0.0, 0.0, 1.0), (*to, 1.0), motion.frame_count))


@pytest.mark.parametrize("yaw", [0.0, 0.3, -0.8])
@pytest.mark.parametrize("to", [(0.0, 0.0), (3.0, 9.0), (-6.0, 2.0)])
def test_no_camera_sees_people_of_another_shot(yaw, to):
    motions = [looking_ahead(walked(motion(20 * shot, 20), to if shot == 1 else (0.0, 1.0)), yaw=yaw * (shot == 2))
               for shot in range(3)]  # fmt: skip
    places_m = side_by_side_m(motions, shots_of(motions))
    assert places_m[0] == 0.0 and all(place == round(place) for place in places_m)
    for seeing, own_m in zip(motions, places_m, strict=True):
        for other, other_m in zip(motions, places_m, strict=True):
            if other is not seeing:
                ahead, across_px = seen_by(seeing.cameras[0], other.root_world + [other_m - own_m, 0.0, 0.0])
                assert not ((ahead > 0) & (across_px > 0) & (across_px < 1000)).any()


def seen_by(camera: Camera, points_world: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far ahead points [T, 3] are, m, and where across the picture, px."""
    points = points_world @ camera.R_camera_from_world[0].T + camera.t_camera_from_world[0]
    return points[:, 2], (points @ camera.K[0].T)[:, 0] / points[:, 2]


def test_worlds_without_cameras_do_not_touch():
    motions = [walked(motion(20 * shot, 20), (way, 0.0)) for shot, way in enumerate((5.0, -3.0, 2.0))]
    places_m = side_by_side_m(motions, shots_of(motions))
    ends = [(m.root_world[:, 0].min() + place, m.root_world[:, 0].max() + place)
            for m, place in zip(motions, places_m, strict=True)]  # fmt: skip
    assert ends[0][1] + 2 < ends[1][0] and ends[1][1] + 2 < ends[2][0]
