"""From a lift to the cleaned motion, before cameras that stand, turn and travel."""

import numpy as np
import pytest

from backend.cameras.projection import projected
from motion.motion import Motion
from tests.backend.world.filmed import (
    FIGURE,
    KINDS,
    aimed,
    cartwheel,
    drifting,
    lift_of,
    placed,
    points_of,
    shot_before,
    shot_of,
    sitting_down,
    turned_on_the_spot,
)
from tests.motion.contacts.takes import jumping, standing, walking

SOLES = ("left_heel", "left_ball", "right_heel", "right_ball")
WHOSE = ("left", "left", "right", "right")
SURE = KINDS[:3]
every_camera = pytest.mark.parametrize("kind", KINDS)


def captured(take, kind, **more) -> Motion:
    shot = shot_before(take, kind)
    (motion,) = placed([lift_of(take, shot, **more)], shot)
    return motion


def rests(take):
    """[T, 4] of SOLES."""
    return np.stack([take.rests[side] for side in WHOSE], axis=1)


def held(motion, name):
    return motion.contacts[:, motion.contact_names.index(name)] > 0.5


def slide_m(motion, bearing, *names):
    """[] the mean way a frame of points while they truly bear, [T, N]."""
    steps = np.linalg.norm(np.diff(points_of(motion, *names)[..., :2], axis=0), axis=-1)
    return steps[bearing[1:] & bearing[:-1]].mean()


@every_camera
def test_a_walk_is_as_long_as_it_was_and_straight(kind):
    take = walking(seconds=5.0)
    root = captured(take, kind).root_world[:, :2]
    way = root[-1] - root[0]
    assert np.linalg.norm(way) == pytest.approx(np.ptp(take.joints[:, 0, 0]), rel=0.03)
    ahead = way / np.linalg.norm(way)
    assert np.abs((root - root[0]) @ [-ahead[1], ahead[0]]).max() < 0.1
    steps = np.diff(root, axis=0) @ ahead
    assert steps.std() * take.rate < 0.15


@every_camera
def test_feet_that_rest_lie_on_the_floor_and_do_not_slide(kind):
    take = walking(seconds=5.0)
    motion = captured(take, kind)
    assert np.abs(points_of(motion, *SOLES)[rests(take)][:, 2]).mean() < 0.005
    assert slide_m(motion, rests(take), *SOLES) < 0.002


@pytest.mark.parametrize("kind", SURE)
def test_without_a_network_a_walk_is_as_long_as_it_was(kind):
    take = walking(seconds=5.0)
    root = captured(take, kind, with_beliefs=False).root_world[:, :2]
    assert np.linalg.norm(root[-1] - root[0]) == pytest.approx(np.ptp(take.joints[:, 0, 0]), rel=0.03)


def test_without_a_network_and_without_the_cameras_way_nothing_fails():
    motion = captured(walking(seconds=3.0), "unknown", with_beliefs=False)
    assert np.isfinite(motion.root_world).all()


@every_camera
def test_who_turns_on_the_spot_stays_there_and_turns_as_far(kind):
    take = turned_on_the_spot(standing(seconds=4.0), np.pi * np.clip((np.arange(120) / 30.0 - 1.0) / 2.0, 0.0, 1.0))
    motion = captured(take, kind)
    assert np.ptp(motion.root_world, axis=0)[:2].max() < 0.2
    front = motion.R_parent_from_joint[:, 0, :2, 2]
    heading = np.unwrap(np.arctan2(front[:, 1], front[:, 0]))
    assert heading[-1] - heading[0] == pytest.approx(np.pi, abs=0.02)


@pytest.mark.parametrize("kind, least_kept", [("static", 0.9), ("turning", 0.9), ("travelling", 0.9), ("unknown", 0.4)])
def test_a_jump_keeps_its_height_and_both_feet_are_free_in_flight(kind, least_kept):
    take = jumping(flight_s=0.5)
    motion = captured(take, kind)
    flying = ~rests(take).any(axis=1)
    height_m, true_m = (z.max() - np.median(z[:10]) for z in (motion.root_world[:, 2], take.joints[:, 0, 2]))
    assert least_kept < height_m / true_m < 1.1
    inside = flying & np.roll(flying, 2) & np.roll(flying, -2)
    assert not any(held(motion, name)[inside].any() for name in SOLES)
    assert np.abs(points_of(motion, *SOLES)[:15, :, 2]).max() < 0.01


@every_camera
def test_who_sits_down_sits_still(kind):
    take = sitting_down()
    motion = captured(take, kind)
    seated = slice(int(2.5 * take.rate), None)
    seat = points_of(motion, "seat_left", "seat_right")[seated]
    assert np.ptp(seat, axis=0).max() < 0.005
    assert seat[..., 2].mean() == pytest.approx(take.points[seated, FIGURE.point("seat_left"), 2].mean(), abs=0.02)
    assert slide_m(motion, rests(take), *SOLES) < 0.001


@every_camera
def test_the_hands_of_a_cartwheel_are_planted_while_they_bear(kind):
    take, bears = cartwheel()
    motion = captured(take, kind, hands=bears)
    for side, bearing in bears.items():
        palm = f"{side}_palm"
        assert held(motion, palm)[bearing].mean() > 0.8 and held(motion, palm)[~bearing].mean() < 0.05
        assert slide_m(motion, bearing[:, None], palm) < 0.003
        assert np.abs(points_of(motion, palm)[bearing][..., 2]).max() < 0.06


@pytest.mark.parametrize("kind", KINDS[1:])
def test_two_people_before_a_moving_camera_share_one_world(kind):
    near, far = standing(seconds=3.0), standing(seconds=3.0).moved(shift=(1.2, 0.9, 0.0))
    shot = shot_of(*_filming_both(len(near.joints), kind != "turning"), kind, unit_m=2.5)
    first, second = placed([lift_of(near, shot, seed=1), lift_of(far, shot, seed=2)], shot)
    np.testing.assert_allclose(first.cameras[0].t_camera_from_world, second.cameras[0].t_camera_from_world)
    apart = np.linalg.norm((second.root_world - first.root_world)[:, :2], axis=-1)
    assert apart.mean() == pytest.approx(1.5, abs=0.1) and np.ptp(apart) < 0.1
    assert np.abs(points_of(second, *SOLES)[..., 2]).max() < 0.02


def _filming_both(frames, travels):
    """A camera that looks from one person to the other, and its lens, that comes nearer if it travels."""
    time_s = np.arange(frames) / 30.0
    lens = [0.5, -5.0, 1.5] + travels * np.stack([0.3 * np.sin(time_s), 0.2 * time_s, 0.0 * time_s], axis=1)
    return aimed(lens, np.stack([0.6 + 0.5 * np.sin(time_s), np.zeros(frames), np.ones(frames)], axis=1)), lens


@every_camera
def test_the_camera_of_the_motion_shows_the_person_where_the_footage_does(kind):
    take = walking(seconds=4.0)
    shot = shot_before(take, kind)
    lift = lift_of(take, shot)
    (motion,) = placed([lift], shot)
    assert np.median(_off_px(motion, lift)) < 8.0


def _off_px(motion, lift):
    """[T, 15] how far the figure's points are shown from where they truly are in the picture."""
    camera = motion.cameras[0]
    points = points_of(motion, *FIGURE.point_names)
    shown = np.einsum("tij,tpj->tpi", camera.R_camera_from_world, points) + camera.t_camera_from_world[:, None]
    R, joints = FIGURE.kinematics(lift.R_parent_from_joint, lift.root_camera)
    true = projected(FIGURE.points(R, joints), lift.K)
    return np.linalg.norm(projected(shown, lift.K) - true, axis=-1)


def test_a_long_turning_shot_stays_level():
    take = walking(seconds=100.0, speed=0.3)
    shot = drifting(shot_before(take, "turning"), 0.03)
    (motion,) = placed([lift_of(take, shot)], shot)
    assert motion.frame_count == 3000
    up = motion.R_parent_from_joint[:, 0, 2, 1]
    assert np.rad2deg(np.arccos(np.clip(up, -1.0, 1.0))).mean() < 1.5     # of 3 degrees at the end
    assert np.abs(points_of(motion, *SOLES)[rests(take)][:, 2]).mean() < 0.05
