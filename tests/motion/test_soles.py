import numpy as np
import pytest

from motion.body import read_open_body
from motion.kinematics import attached_points, forward_kinematics
from motion.resting import SOLE_POINTS
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from motion.soles import level_soles

BODY = read_open_body().shaped(np.zeros(0))
CHOSEN = [BODY.model.point_names.index(name) for name in SOLE_POINTS]
SOLES, JOINTS = BODY.points[CHOSEN], BODY.model.point_joints[CHOSEN]
R_WORLD_FROM_REST = matrix_from_axis_angle(np.array([np.pi / 2, 0.0, 0.0]))


def standing(left_foot_pitch_deg, lift_m=0.0, frames=40):
    """Somebody who stands still, the left foot turned about its ankle, raised by lift_m."""
    pose = np.zeros((frames, 55, 3))
    pose[:, JOINT["left_ankle"], 0] = np.deg2rad(left_foot_pitch_deg)
    R = matrix_from_axis_angle(pose)
    R[:, 0] = R_WORLD_FROM_REST
    root = np.tile([0.0, 0.0, BODY.skeleton.rest_joints[0, 1] - SOLES[:, 1].min() + lift_m], (frames, 1))
    return R, root


def soles_of(R, root):
    return attached_points(*forward_kinematics(BODY.skeleton, R, root), BODY.skeleton, SOLES, JOINTS)


def tilt_of_left(R, root):
    heel, ball = soles_of(R, root)[20, :2]
    return np.rad2deg(np.arctan2(ball[2] - heel[2], np.linalg.norm((ball - heel)[:2])))


def levelled(R, root):
    return level_soles(R, root, BODY.skeleton, SOLES, JOINTS, 30.0)


@pytest.mark.parametrize("pitch", [-12.0, 9.0])
def test_a_resting_foot_lies_flat(pitch):
    R, root = standing(pitch)
    assert abs(tilt_of_left(R, root)) > 5
    assert abs(tilt_of_left(levelled(R, root), root)) < 1


def test_levelling_twice_changes_nothing_more():
    R, root = standing(8.0)
    once = levelled(R, root)
    np.testing.assert_allclose(levelled(once, root), once, atol=0.02)


@pytest.mark.parametrize("pitch, lift", [(55.0, 0.0), (12.0, 0.5)])
def test_tiptoes_and_feet_in_the_air_keep_their_tilt(pitch, lift):
    R, root = standing(pitch, lift)
    ankle = JOINT["left_ankle"]
    np.testing.assert_allclose(levelled(R, root)[:, ankle], R[:, ankle], atol=1e-6)


def test_only_ankles_turn():
    R, root = standing(10.0)
    changed = np.abs(levelled(R, root) - R).max(axis=(0, 2, 3)) > 1e-9
    assert set(np.flatnonzero(changed)) <= {JOINT["left_ankle"], JOINT["right_ankle"]}


def test_a_foot_keeps_its_heading():
    R, root = standing(10.0)
    soles = (soles_of(pose, root)[20] for pose in (R, levelled(R, root)))
    before, after = (sole[1, :2] - sole[0, :2] for sole in soles)
    assert before[0] * after[1] - before[1] * after[0] == pytest.approx(0.0, abs=1e-6)
