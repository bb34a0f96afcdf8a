"""GVHMR's way into the world, step by step, on cases small enough to be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bench.peers.gvhmr_ik import HELD, held_by_ik, running_targets, solved_chain
from bench.peers.gvhmr_world import (
    gravity_view,
    headings,
    path_before_static_camera,
    path_of_still_joints,
    rolled_out,
    smoothed,
)
from motion.body import read_open_body
from motion.kinematics import forward_kinematics
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle


def turned_about_z(degrees):
    return matrix_from_axis_angle(np.radians(np.asarray(degrees, float))[..., None] * [0.0, 0.0, 1.0])


def standing(frames=40):
    """22 joints of somebody who stands, [T, 22, 3] m; the root at 0.9 m."""
    joints = np.random.default_rng(3).uniform(0.1, 1.7, size=(22, 3))
    joints[0], joints[HELD[0]] = [0.0, 0.0, 0.9], [0.1, 0.0, 0.08]
    return np.broadcast_to(joints, (frames, 22, 3)).copy()


def test_the_gravity_view_levels_a_camera_that_looks_down_and_is_rolled():
    R_camera_from_level = matrix_from_axis_angle(np.array([[0.3, 0.0, 0.2], [-0.1, 0.0, -0.4]]))
    R_view = gravity_view(R_camera_from_level[..., 1])
    levelled = np.einsum("tij,tj->ti", R_view, R_camera_from_level[..., 1])
    np.testing.assert_allclose(levelled, [[0.0, 1.0, 0.0]] * 2, atol=1e-12)
    np.testing.assert_allclose(R_view[:, 0, 2], 0.0, atol=1e-12)        # looking ahead has nothing sideways
    assert (R_view[:, 2, 2] > 0.8).all()


def test_a_camera_that_looks_straight_down_keeps_its_own_sideways():
    np.testing.assert_allclose(gravity_view(np.array([[0.0, 0.0, 1.0]]))[0, 0], [1.0, 0.0, 0.0])


def test_the_heading_of_frame_t_is_the_product_of_the_steps_before_it():
    yaw_deg = 2.0 * np.arange(30)
    down = np.broadcast_to([0.0, 1.0, 0.0], (30, 3))
    step = matrix_from_axis_angle(np.radians([0.0, 2.0, 0.0]))           # the camera's next axes in its last ones
    turns = np.concatenate([np.eye(3)[None], np.broadcast_to(step.T, (29, 3, 3))])
    R_world_from_view = headings(gravity_view(down), turns)
    ahead = R_world_from_view[..., 2]                               # where the camera looks; to the right of y is x
    np.testing.assert_allclose(np.degrees(np.arctan2(ahead[:, 0], ahead[:, 1])), yaw_deg, atol=1e-9)
    np.testing.assert_allclose(ahead[:, 2], 0.0, atol=1e-12)


def test_a_standing_camera_has_one_heading():
    turns = np.broadcast_to(np.eye(3), (20, 3, 3))
    R = headings(gravity_view(np.random.default_rng(1).normal([0, 1, 0], 0.1, (20, 3))), turns)
    np.testing.assert_allclose(R, np.broadcast_to(R[0], R.shape), atol=1e-12)


def test_rotation_i_turns_step_i():
    R = turned_about_z([0.0, 90.0, 180.0])
    steps = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [9.0, 9.0, 9.0]])
    np.testing.assert_allclose(rolled_out(R, steps), [[0, 0, 0], [1, 0, 0], [-1, 0, 0]], atol=1e-12)


def test_sliding_of_still_joints_leaves_the_path_by_the_odds_that_they_rest():
    joints, still = standing(), np.full((40, 6), 0.1)
    still[:, 0], still[:, 1] = 0.75, 0.6                    # odds 3 and 1.5: weights 2/3 and 1/3
    seconds = np.arange(40)[:, None]
    joints[:, HELD[0]] += seconds * [0.009, 0.0, 0.003]     # of both the root loses 0.006 sideways and 0.002 upwards
    joints[:, 0] += seconds * [0.006, 0.0, 0.002]
    root = path_of_still_joints(joints, still)
    np.testing.assert_allclose(np.ptp(root, axis=0), 0.0, atol=1e-9)


def test_where_no_joint_rests_the_path_is_only_smoothed():
    joints = standing() + np.arange(40)[:, None, None] * [0.02, 0.0, 0.0]
    root = path_of_still_joints(joints, np.full((40, 6), 0.5))
    np.testing.assert_allclose(root[:, :2], smoothed(joints[:, 0, :2], 3.0))
    assert np.ptp(root[:, 2]) == pytest.approx(0.0, abs=1e-12)


def test_one_joint_once_below_the_others_lifts_everything():
    joints = standing()
    joints[17, 5, 2] = -0.4
    assert path_of_still_joints(joints, np.zeros((40, 6)))[0, 2] == pytest.approx(1.3)


def test_before_a_standing_camera_what_strays_farther_than_a_quarter_metre_is_nudged_by_two_centimetres_a_frame():
    joints = standing(20) + np.minimum(np.arange(20), 1)[:, None, None] * [0.31, 0.0, 0.0]
    root = path_before_static_camera(joints, np.zeros((20, 6)), np.zeros((20, 3)))
    np.testing.assert_allclose(root[:6, 0], [0.0, 0.29, 0.27, 0.25, 0.25, 0.25], atol=1e-9)


def test_before_a_standing_camera_joints_that_surely_rest_stop_on_the_floor_and_not_in_height():
    joints = standing(20) + np.arange(20)[:, None, None] * [0.005, -0.003, 0.001]
    root = path_before_static_camera(joints, np.full((20, 6), 0.81), joints[:, 0])
    np.testing.assert_allclose(np.ptp(root, axis=0), [0.0, 0.0, 0.019], atol=1e-9)
    moving = path_before_static_camera(joints, np.full((20, 6), 0.79), joints[:, 0])
    assert np.ptp(moving[:, 0]) == pytest.approx(0.095)


def test_targets_of_what_surely_rests_stay_and_of_what_moves_follow():
    points = np.arange(4.0)[:, None, None] * np.ones((1, 3, 3))
    targets = running_targets(points, np.tile([1.0, 0.0, 0.5], (4, 1)))
    np.testing.assert_allclose(targets[:, 0, 0], 0.0)
    np.testing.assert_allclose(targets[:, 1, 0], [0.0, 1.0, 2.0, 3.0])
    np.testing.assert_allclose(targets[:, 2, 0], [0.0, 0.5, 1.25, 2.125])


def test_two_sweeps_turn_a_joint_by_its_share_of_what_is_left():
    chain = np.broadcast_to(np.eye(3), (1, 3, 3, 3))
    offsets = np.array([[0.3, 0.0, 0.0], [1.0, 0.0, 0.0]])
    target = {2: np.array([[0.3, 1.0, 0.0]])}                 # a quarter turn from where the last joint is
    turn = axis_angle_from_matrix(solved_chain(chain, np.zeros((1, 3)), offsets, target))
    np.testing.assert_allclose(np.degrees(turn[0, 1]), [0.0, 0.0, 80.0], atol=1e-9)     # 2/3, then 2/3 of the rest
    np.testing.assert_allclose(turn[0, [0, 2]], 0.0, atol=1e-12)


def test_limbs_whose_joints_are_where_they_should_be_stay(rng):
    skeleton = read_open_body().shaped(np.zeros(0)).skeleton
    R, root = matrix_from_axis_angle(rng.normal(scale=0.3, size=(3, 55, 3))), rng.normal(size=(3, 3))
    joints = forward_kinematics(skeleton, R, root)[1]
    np.testing.assert_allclose(held_by_ik(skeleton, R, root, joints[:, HELD]), R, atol=1e-9)


def test_limbs_come_nearer_to_their_targets_and_the_pelvis_stays(rng):
    skeleton = read_open_body().shaped(np.zeros(0)).skeleton
    R, root = matrix_from_axis_angle(rng.normal(scale=0.3, size=(3, 55, 3))), rng.normal(size=(3, 3))
    before = forward_kinematics(skeleton, R, root)[1][:, HELD]
    targets = before + [0.03, -0.02, 0.04]
    solved = held_by_ik(skeleton, R, root, targets)
    after = forward_kinematics(skeleton, solved, root)[1][:, HELD]
    assert np.linalg.norm(after - targets, axis=-1).mean() < 0.5 * np.linalg.norm(before - targets, axis=-1).mean()
    np.testing.assert_array_equal(solved[:, 0], R[:, 0])
