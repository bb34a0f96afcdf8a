from dataclasses import replace

import numpy as np

from backend.lift.refine.turned import bones_of, levers, turned, with_turns
from motion.kinematics import forward_kinematics
from motion.skeleton import PARENTS
from tests.backend.lift.refine.clips import walker

ALL = slice(None)
LIFT = walker(frames=6)
TURNS = 0.4 * np.random.default_rng(1).normal(size=(6, 22, 3))
SHIFT = np.array([0.1, -0.2, 0.3])


def test_without_turns_landmarks_stay():
    body = turned(bones_of(LIFT, ALL), np.zeros((6, 22, 3)), np.zeros((6, 3)))
    np.testing.assert_allclose(body.points, LIFT.points_camera()[:, :33], atol=1e-12)


def test_landmarks_move_as_the_turned_skeleton_does():
    """Two ways to the same points: sums of turned bones, and forward kinematics of the rotations handed on."""
    body = turned(bones_of(LIFT, ALL), TURNS, np.broadcast_to(SHIFT, (6, 3)))
    moved = replace(LIFT, R_parent_from_joint=with_turns(LIFT, TURNS), root_camera=LIFT.root_camera + SHIFT)
    np.testing.assert_allclose(body.points, moved.points_camera()[:, :33], atol=1e-12)


def test_bones_keep_their_length():
    def lengths(R_parent_from_joint):
        _, joints = forward_kinematics(LIFT.body.skeleton, R_parent_from_joint, LIFT.root_camera)
        return np.linalg.norm(joints[:, 1:] - joints[:, np.array(PARENTS[1:])], axis=-1)

    np.testing.assert_allclose(lengths(with_turns(LIFT, TURNS)), lengths(LIFT.R_parent_from_joint), atol=1e-12)


def test_fingers_keep_their_pose():
    np.testing.assert_array_equal(with_turns(LIFT, TURNS)[:, 22:], LIFT.R_parent_from_joint[:, 22:])


def test_levers_lead_from_the_root_to_each_landmark():
    body = turned(bones_of(LIFT, ALL), TURNS, np.zeros((6, 3)))
    way = LIFT.root_camera[:, None] + levers(body).sum(axis=2)
    np.testing.assert_allclose(way, body.points, atol=1e-12)
