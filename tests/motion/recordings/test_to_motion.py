from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from motion.motion import Motion
from motion.motion_file import read_motion, write_motion
from motion.recordings.onto_body import R_Z_UP_FROM_Y_UP
from motion.recordings.performance import Performance
from motion.recordings.to_motion import exact_rate, motion_of
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.motion.recordings.made_up_recordings import BODY, walking_about

FRAMES = 30


def feet_of(motion: Motion) -> list[int]:
    return [c for c, name in enumerate(motion.contact_names) if name.endswith(("heel", "ball", "toe"))]


def standing(frames: int = FRAMES, size: float = 1.0) -> Performance:
    """At rest on the floor."""
    R = np.tile(np.eye(3), (frames, 55, 1, 1))
    R[:, 0] = R_Z_UP_FROM_Y_UP
    rest = size * BODY.skeleton.rest_joints
    soles = [BODY.model.point_names.index(f"{side}_ball_sole") for side in ("left", "right")]
    height = rest[0, 1] - size * BODY.points[soles, 1].mean()
    return Performance(60.0, R, np.tile([0.0, 0.0, height], (frames, 1)), rest, (True,) * 22)


def moving() -> Performance:
    truth = walking_about()
    return Performance(60.0, truth.R_parent_from_joint, truth.root, 0.9 * BODY.skeleton.rest_joints, (True,) * 22)


def test_the_motion_is_the_performance_on_the_subjects_bones():
    performance = moving()
    motion = motion_of(performance, BODY)
    np.testing.assert_allclose(motion.world_joints(), performance.joints_world(), atol=1e-12)
    assert motion.frame_count == len(performance.root_world) and motion.rate == 60
    assert motion.seen.all() and not motion.cameras


def test_what_was_not_recorded_has_no_confidence():
    recorded = [True] * 22
    recorded[JOINT["left_wrist"]] = False
    confidence = motion_of(replace(moving(), recorded=tuple(recorded)), BODY).confidence
    assert (confidence[:, :22] == np.array(recorded)).all() and not confidence[:, 22:].any()


@pytest.mark.parametrize("size", [1.0, 0.7])
def test_feet_that_rest_on_the_floor_are_in_contact(size):
    motion = motion_of(standing(size=size), BODY)
    assert motion.contacts[:, feet_of(motion)].min() > 0.7
    assert motion.contacts[:, motion.contact_names.index("seat_left")].max() < 0.1


def test_feet_in_flight_are_not_in_contact():
    still, time_s = standing(), np.arange(FRAMES)[:, None] / 60.0
    flying = replace(still, root_world=still.root_world + 0.5 * 9.81 * time_s * (time_s[-1] - time_s) * [0.0, 0.0, 1.0])
    in_air = motion_of(flying, BODY)
    assert in_air.contacts[10:20, feet_of(in_air)].max() < 0.1


def test_of_a_leg_that_swings_beside_one_that_stands_the_foot_is_not_in_contact():
    still = standing()
    R = np.array(still.R_parent_from_joint)
    R[:, JOINT["left_hip"]] = matrix_from_axis_angle(np.linspace(0.6, -0.6, FRAMES)[:, None] * [1.0, 0.0, 0.0])
    motion = motion_of(replace(still, R_parent_from_joint=R), BODY)
    left, right = (motion.contacts[:, motion.contact_names.index(f"{side}_heel")] for side in ("left", "right"))
    assert left.max() < 0.1 and right.min() > 0.7


def test_one_frame_is_a_motion():
    motion = motion_of(standing(frames=1), BODY)
    assert motion.contacts.shape == (1, len(motion.contact_names))


@pytest.mark.parametrize("seconds, rate", [
    (0.0083333, 120), (0.008333, 120), (0.00833, 120), (0.0166667, 60), (0.016667, 60), (0.0333333, 30), (0.03333, 30),
    (0.0416667, 24), (0.04167, 24), (0.04, 25), (0.02, 50), (0.01, 100), (0.08, Fraction(25, 2)),
    (10.0, Fraction(1, 10)), (0.033366667, Fraction(30000, 1001)), (0.033367, Fraction(30000, 1001)),
    (0.0417083, Fraction(24000, 1001)), (0.0166833, Fraction(60000, 1001)), (0.0001, 10_000),
])  # fmt: skip
def test_rounded_seconds_a_frame_mean_the_rate_that_was_rounded(seconds, rate):
    assert exact_rate(1.0 / seconds) == rate


def test_the_motion_is_kept_by_its_file(tmp_path):
    motion = motion_of(moving(), BODY)
    write_motion(tmp_path / "motion.npz", motion)
    again = read_motion(tmp_path / "motion.npz", BODY.skeleton)
    np.testing.assert_allclose(again.world_joints(), motion.world_joints(), atol=1e-6)
    assert again.rate == motion.rate and np.allclose(again.contacts, motion.contacts, atol=1e-6)


def turned_about_z(performance: Performance, turn_rad: float) -> Performance:
    R = matrix_from_axis_angle(np.array([0.0, 0.0, turn_rad]))
    turned = np.array(performance.R_parent_from_joint)
    turned[:, 0] = R @ turned[:, 0]
    return replace(performance, R_parent_from_joint=turned, root_world=performance.root_world @ R.T)


def test_contacts_do_not_depend_on_where_somebody_faces():
    facing, turned = (motion_of(turned_about_z(moving(), turn), BODY).contacts for turn in (0.0, 1.2))
    np.testing.assert_allclose(facing, turned, atol=1e-9)
