from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from backend.cameras.camera_path import standing_camera
from backend.cameras.projection import projected
from backend.lift.direct.lift_direct import DirectSettings, lift_direct
from backend.world.place import WorldSettings, place, place_shots
from backend.world.tilt import angles_from_up
from motion.body import read_open_body
from motion.kinematics import attached_points, forward_kinematics
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT, Skeleton
from tests.backend.lift.made_up_track import R_CAMERA_FROM_STANDING, K, seen
from tests.backend.world.tilted import up_from_angles

SEEN = ("seen", "landmarks_px", "scores", "landmarks_camera")
CLIP = SimpleNamespace(
    width_px=960, height_px=1080, path="film.mp4", sha256="", byte_count=1, times_s=np.arange(60) / 30.0,
    rate=Fraction(30),
)  # fmt: skip
CAMERA = standing_camera(CLIP.times_s)
CAMERAS = {0: CAMERA, 1: CAMERA}   # by shot


def standing(pitch_deg=0.0, roll_deg=0.0, camera_height=1.5, at=(0.0, 4.0), arms=True, frames=60):
    """Somebody who stands and lifts an arm, before a camera tilted down by pitch and rolled; at: right, ahead, m."""
    body = read_open_body().shaped(np.zeros(0))
    pose = np.zeros((frames, 55, 3))
    pose[:, JOINT["left_shoulder"], 2] = -1.2 + np.linspace(0.0, 1.0, frames) * arms
    pose[:, JOINT["right_shoulder"], 2] = 1.2
    R = matrix_from_axis_angle(pose)
    soles = body.points[33:, 1].min()
    up = up_from_angles(roll_deg, pitch_deg)
    # Level camera axes first, then the tilt that makes `up` out of (0, -1, 0).
    tilt = matrix_from_axis_angle(np.array([0.0, 0.0, np.deg2rad(roll_deg)])) @ matrix_from_axis_angle(
        np.array([np.deg2rad(pitch_deg), 0.0, 0.0])
    )
    np.testing.assert_allclose(tilt @ [0, -1, 0], up, atol=1e-12)
    R[:, 0] = tilt @ R_CAMERA_FROM_STANDING
    root_height = body.skeleton.rest_joints[0, 1] - soles
    root_level = np.array([at[0], camera_height - root_height, at[1]])
    return seen(body, R, np.tile(tilt @ root_level, (frames, 1)))


def placed(*people):
    lifts = [lift_direct(p.track, p.body, K, DirectSettings()) for p in people]
    return [each.motion for each in place(lifts, CLIP, CAMERA, WorldSettings())]


def feet(motion):
    """Which contacts are of heels and balls."""
    return [motion.contact_names.index(f"{side}_{part}") for side in ("left", "right") for part in ("heel", "ball")]


def points_world(motion, body):
    R, joints = forward_kinematics(body.skeleton, motion.R_parent_from_joint, motion.root_world)
    return attached_points(R, joints, body.skeleton, body.points, body.model.point_joints)


@pytest.mark.parametrize("roll, pitch", [(0.0, 0.0), (3.0, 12.0), (-8.0, 20.0)])
def test_angles_come_back_from_up(roll, pitch):
    np.testing.assert_allclose(angles_from_up(up_from_angles(roll, pitch)), (roll, pitch), atol=1e-9)


@pytest.mark.parametrize("pitch, roll", [(5.0, 0.0), (18.0, 4.0), (0.0, -6.0)])
def test_who_stands_stands_upright_on_the_floor(pitch, roll):
    person = standing(pitch, roll)
    motion = placed(person)[0]
    joints = motion.world_joints()
    spine = joints[:, JOINT["neck"]] - 0.5 * (joints[:, JOINT["left_ankle"]] + joints[:, JOINT["right_ankle"]])
    lean_deg = np.rad2deg(np.arccos(spine[:, 2] / np.linalg.norm(spine, axis=-1)))
    assert lean_deg.mean() < 8
    soles = points_world(motion, person.body)[:, [33, 34, 36, 37], 2]
    assert np.abs(soles).mean() < 0.03
    assert (motion.contacts[:, feet(motion)] > 0.5).mean() > 0.9


def test_the_camera_of_the_motion_shows_the_person_where_the_footage_does():
    person = standing(10.0)
    motion = placed(person)[0]
    camera = motion.cameras[0]
    in_camera = points_world(motion, person.body) @ camera.R_camera_from_world[0].T + camera.t_camera_from_world[0]
    off_px = np.linalg.norm(projected(in_camera[:, :33], K) - person.track.landmarks_px, axis=-1)
    assert off_px.mean() < 4
    centre = -camera.R_camera_from_world[0].T @ camera.t_camera_from_world[0]
    assert centre[2] == pytest.approx(1.5, abs=0.25)
    assert centre[1] < -3.0      # the camera looks along +y at somebody above the origin


def test_two_people_share_one_floor_and_one_world():
    left, right = standing(8.0, at=(-0.8, 4.0)), standing(8.0, at=(0.9, 5.0))
    first, second = placed(left, right)
    np.testing.assert_allclose(first.cameras[0].t_camera_from_world, second.cameras[0].t_camera_from_world)
    apart = second.root_world[0] - first.root_world[0]
    np.testing.assert_allclose(apart[:2], [1.7, 1.0], atol=0.25)
    assert abs(apart[2]) < 0.06


def test_every_shot_has_a_world_of_its_own_and_people_keep_their_order():
    low, high, beside = standing(8.0), standing(20.0, camera_height=2.4), standing(8.0, at=(0.9, 5.0))
    people = [replace(each, track=replace(each.track, shot=shot)) for each, shot in ((low, 1), (high, 0), (beside, 1))]
    lifts = [lift_direct(p.track, p.body, K, DirectSettings()) for p in people]
    mixed = [each.motion for each in place_shots(lifts, CLIP, CAMERAS, WorldSettings())]
    alone = [each.motion for each in place([lifts[0], lifts[2]], CLIP, CAMERA, WorldSettings())]
    for own, other in zip((mixed[0], mixed[2]), alone, strict=True):
        np.testing.assert_array_equal(own.root_world, other.root_world)
    np.testing.assert_allclose(mixed[1].root_world[0, :2], 0.0, atol=0.05)
    heights = [-(m.cameras[0].R_camera_from_world[0].T @ m.cameras[0].t_camera_from_world[0])[2] for m in mixed]
    assert heights[0] == heights[2] < heights[1] - 0.4


def test_of_the_first_of_all_people_alone_the_users_word_holds():
    near, far = standing(12.0, at=(-0.8, 3.5)), standing(12.0, at=(0.9, 5.0))
    tall = seen(near.body.model.shaped(np.zeros(0), 1.2), far.R_parent_from_joint, _on_the_floor(far, 1.2))
    shots = [replace(p, track=replace(p.track, shot=shot)) for p, shot in ((near, 1), (near, 0), (tall, 0))]
    lifts = [lift_direct(p.track, near.body, K, DirectSettings()) for p in shots]
    placed_shots = place_shots(lifts, CLIP, CAMERAS, WorldSettings(), first_is_known=True)
    heights = [each.lift.body.height for each in placed_shots]
    assert heights[0] == pytest.approx(near.body.height)
    assert np.sqrt(heights[1] * heights[2]) == pytest.approx(near.body.height, abs=0.01)


def test_a_motion_starts_when_its_shot_does():
    person = standing()
    late = replace(person, track=replace(person.track, times_s=person.track.times_s + 2.5))
    assert placed(late)[0].start_s == 2.5


def test_a_jump_leaves_the_floor():
    person = standing(8.0, arms=False)
    frames = 60
    hop = np.zeros(frames)
    flight_s = np.arange(17) / 30.0
    hop[22:39] = 0.5 * 9.81 * flight_s * (flight_s[-1] - flight_s)
    R = np.array(person.R_parent_from_joint)
    tilt_up = R[0, 0] @ [0.0, 1.0, 0.0]
    _, joints = forward_kinematics(person.body.skeleton, R, np.zeros((frames, 3)))
    start = person.points_camera[0, 33] - (
        attached_points(*forward_kinematics(person.body.skeleton, R, np.zeros((frames, 3))), person.body.skeleton,
                        person.body.points, person.body.model.point_joints)[0, 33]
    )  # fmt: skip
    jumper = seen(person.body, R, start + hop[:, None] * tilt_up)
    motion = placed(jumper)[0]
    soles = points_world(motion, jumper.body)[:, [33, 34, 36, 37], 2]
    assert soles[30:32].mean() > 0.15
    assert np.abs(soles[:20]).mean() < 0.04


def test_nobody_gives_nothing():
    assert placed() == []


def test_frames_without_the_person_do_not_press_on_the_floor():
    person = standing(10.0)
    arrays = {name: np.array(getattr(person.track, name)) for name in SEEN}
    arrays["seen"][20:30], arrays["scores"][20:30] = False, 0.0
    arrays["landmarks_px"][20:30], arrays["landmarks_camera"][20:30] = np.nan, np.nan
    motion = placed(replace(person, track=replace(person.track, **arrays)))[0]
    assert not motion.seen[20:30].any() and (motion.confidence[20:30] == 0).all()
    assert np.isfinite(motion.root_world).all()


def test_who_leaves_stays_where_they_were_last_seen():
    person = standing(10.0)
    arrays = {name: np.array(getattr(person.track, name)) for name in SEEN}
    arrays["seen"][25:], arrays["scores"][25:] = False, 0.0
    arrays["landmarks_px"][25:], arrays["landmarks_camera"][25:] = np.nan, np.nan
    motion = placed(replace(person, track=replace(person.track, **arrays)))[0]
    assert np.linalg.norm(motion.root_world[25:] - motion.root_world[24], axis=-1).max() < 0.3


def test_of_two_strangers_on_one_floor_neither_is_told_the_average_height():
    near, far = standing(12.0, at=(-0.8, 3.5)), standing(12.0, at=(0.9, 5.0))
    # The far one is seen a fifth taller than the near one.
    tall = seen(near.body.model.shaped(np.zeros(0), 1.2), far.R_parent_from_joint, _on_the_floor(far, 1.2))
    lifts = [lift_direct(p.track, near.body, K, DirectSettings()) for p in (near, tall)]
    heights = [each.lift.body.height for each in place(lifts, CLIP, CAMERA, WorldSettings())]
    assert heights[1] / heights[0] == pytest.approx(1.2, abs=0.12)
    assert np.sqrt(heights[0] * heights[1]) == pytest.approx(near.body.height, abs=0.01)
    known = [each.lift.body.height for each in place(lifts, CLIP, CAMERA, WorldSettings(), first_is_known=True)]
    assert known[0] == pytest.approx(near.body.height)


def test_who_is_sized_by_the_floor_keeps_their_proportions():
    near, far = standing(12.0, at=(-0.8, 3.5)), standing(12.0, at=(0.9, 5.0))
    bones = Skeleton(near.body.skeleton.rest_joints * [1.1, 1.0, 1.0])
    lifts = [lift_direct(p.track, near.body.fitted_to(bones), K, DirectSettings()) for p in (near, far)]
    lifts[1] = replace(lifts[1], root_camera=1.1 * lifts[1].root_camera, body=lifts[1].body.scaled(1.1))
    for each in place(lifts, CLIP, CAMERA, WorldSettings()):
        size = each.lift.body.scale
        assert size != 1.0
        np.testing.assert_allclose(each.motion.skeleton.rest_joints, size * bones.rest_joints, atol=1e-9)


def _on_the_floor(person, scale):
    """The root of a body `scale` times as large that stands where `person` stands."""
    R, joints = forward_kinematics(person.body.skeleton, person.R_parent_from_joint, np.zeros((60, 3)))
    sole = attached_points(R, joints, person.body.skeleton, person.body.points, person.body.model.point_joints)[:, 33]
    return person.points_camera[:, 33] - scale * sole
