from __future__ import annotations

import numpy as np
import pytest

from backend.cameras.from_footage.path_of_shot import path_of_shot
from backend.cameras.from_footage.trails import Trails
from motion.arrays import Array
from motion.rotations import axis_angle_from_matrix
from tests.backend.cameras.made_up_background import camera, room, trails_of

FRAMES = 36
TIMES_S = np.arange(FRAMES) / 30.0


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def path_from(trails: Trails, said="auto"):
    return path_of_shot(trails, TIMES_S, said, rng())


def off_deg(R: Array, true: Array) -> float:
    return float(np.degrees(np.linalg.norm(axis_angle_from_matrix(np.swapaxes(true, -1, -2) @ R), axis=-1).max()))


def crowd(still: Array, share: float) -> Array:
    """Some of the points [P, 3] walk to the right, each at its own pace [T, P, 3]."""
    moving = still[:, 0] > np.quantile(still[:, 0], 1.0 - share)
    pace = rng().uniform(0.5, 1.5, len(still)) * moving
    return still + np.linspace(0.0, 1.6, FRAMES)[:, None, None] * pace[:, None] * [1.0, 0.0, 0.0]


def test_a_camera_that_stands_does_not_move_at_all() -> None:
    path = path_from(trails_of(camera(FRAMES), room(200, rng()), rng(), noise_px=0.3))
    assert path.kind == "static" and path.confidence > 0.9
    assert np.array_equal(path.R_first_from_camera, np.tile(np.eye(3), (FRAMES, 1, 1)))
    assert not path.places_first.any() and not path.turn_sigma_rad.any()


@pytest.mark.parametrize("turn_deg", [(0, 40, 0), (10, 0, 0), (0, 0, 20), (2, -3, 1)])
def test_a_turn_about_any_axis_is_found(turn_deg) -> None:
    true = camera(FRAMES, turn_deg)
    path = path_from(trails_of(true, room(300, rng()), rng()))
    assert path.kind == "turning" and path.confidence > 0.9
    assert not path.places_first.any()
    assert off_deg(path.R_first_from_camera, true.R_first_from_camera) < 0.1


def test_a_camera_that_travels_is_found_with_its_places_up_to_a_factor() -> None:
    true = camera(FRAMES, (0, 8, 0), (2.0, 0.2, 0.4))
    path = path_from(trails_of(true, room(300, rng()), rng()))
    assert path.kind == "travelling" and path.places_known and not path.in_metres
    assert off_deg(path.R_first_from_camera, true.R_first_from_camera) < 0.1
    unit = np.vdot(true.places_first, path.places_first) / np.vdot(path.places_first, path.places_first)
    assert np.abs(unit * path.places_first - true.places_first).max() < 0.03


def test_backwards_in_time_is_the_path_backwards() -> None:
    true, points = camera(FRAMES, (5, 20, 3)), room(300, rng())
    forwards = trails_of(true, points, rng())
    order = np.argsort(FRAMES - 1 - forwards.picture, kind="stable")
    backwards = Trails(forwards.K, (FRAMES - 1 - forwards.picture)[order], forwards.point[order], forwards.px[order],
                       np.sort(FRAMES - 1 - forwards.keyframes), forwards.R_first_from_camera, forwards.tied[::-1],
                       forwards.agreeing[::-1])  # fmt: skip
    R, R_back = path_from(forwards).R_first_from_camera, path_from(backwards).R_first_from_camera
    assert off_deg(R_back[::-1], R[-1].T @ R) < 0.05


@pytest.mark.parametrize("turn_deg, kind", [((0, 0, 0), "static"), ((0, 15, 0), "turning")])
def test_a_crowd_walking_in_one_part_of_the_picture_changes_nothing(turn_deg, kind) -> None:
    true = camera(FRAMES, turn_deg)
    path = path_from(trails_of(true, crowd(room(300, rng()), 0.35), rng()))
    assert path.kind == kind
    assert off_deg(path.R_first_from_camera, true.R_first_from_camera) < 0.2


def test_pictures_that_show_nothing_are_bridged_and_said_to_be_unsure() -> None:
    true, blind = camera(FRAMES, (0, 20, 0)), (15, 16, 17)
    path = path_from(trails_of(true, room(300, rng()), rng(), blind=blind))
    assert off_deg(path.R_first_from_camera, true.R_first_from_camera) < 0.3
    assert path.turn_sigma_rad[list(blind)].min() > 5.0 * np.median(path.turn_sigma_rad)


def test_nothing_seen_is_no_confidence() -> None:
    path = path_from(trails_of(camera(FRAMES), np.zeros((0, 3)), rng()))
    assert path.kind == "static" and path.confidence == 0.0


def test_few_points_are_little_confidence() -> None:
    few, many = (path_from(trails_of(camera(FRAMES), room(count, rng()), rng())) for count in (20, 300))
    assert few.confidence < 0.5 < many.confidence


@pytest.mark.parametrize("said", ["static", "turning", "travelling"])
def test_what_the_user_says_holds(said) -> None:
    path = path_from(trails_of(camera(FRAMES, (0, 3, 0)), room(100, rng()), rng()), said)
    assert (path.kind, path.source) == (said, "stated")


def test_the_same_trails_give_the_same_path() -> None:
    trails = trails_of(camera(FRAMES, (0, 8, 0), (2.0, 0.2, 0.4)), room(120, rng()), rng())
    first, second = path_from(trails), path_from(trails)
    assert np.array_equal(first.R_first_from_camera, second.R_first_from_camera)
    assert np.array_equal(first.places_first, second.places_first)


@pytest.mark.parametrize("frames", [1, 2])
def test_too_few_pictures_to_tell_anything_are_of_a_camera_that_stands(frames) -> None:
    path = path_of_shot(trails_of(camera(frames), room(50, rng()), rng()), TIMES_S[:frames], "auto", rng())
    assert path.kind == "static" and path.R_first_from_camera.shape == (frames, 3, 3)


@pytest.mark.parametrize("said", ["auto", "travelling"])
def test_a_background_lost_after_every_few_pictures_tells_nothing(said) -> None:
    """Of each short run of pictures one at most is looked at closely, so that no point is placed."""
    frames, every, lasts = 640, 16, 3
    picture, point = (each.ravel() for each in np.broadcast_arrays(
        np.arange(0, frames, every)[:, None, None] + np.arange(lasts)[:, None],
        np.arange(frames // every * 20).reshape(-1, 1, 20)))  # fmt: skip
    px = rng().uniform((0.0, 0.0), (640.0, 360.0), (point.max() + 1, 2))[point]
    trails = Trails(np.diag([500.0, 500.0, 1.0]), picture, point, px, np.array([0]), np.tile(np.eye(3), (frames, 1, 1)),
                    np.isin(np.arange(frames), picture), np.ones(frames))  # fmt: skip
    path = path_of_shot(trails, np.arange(frames) / 30.0, said, rng())
    assert path.kind == "static" and path.confidence == 0.0
