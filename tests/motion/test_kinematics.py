import numpy as np

from motion.kinematics import attached_points, forward_kinematics, local_rotations
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT, JOINT_COUNT, JOINT_NAMES, PARENTS, Skeleton


def random_pose(rng, frames=4):
    return matrix_from_axis_angle(rng.normal(size=(frames, JOINT_COUNT, 3)))


def test_every_parent_comes_before_its_joint():
    assert len(PARENTS) == len(JOINT_NAMES) == 55
    assert all(parent < joint for joint, parent in enumerate(PARENTS))


def test_the_rest_pose_is_where_the_joints_rest(rng):
    skeleton = Skeleton(rng.normal(size=(55, 3)))
    _, joints = forward_kinematics(skeleton, np.tile(np.eye(3), (1, 55, 1, 1)), skeleton.rest_joints[:1])
    np.testing.assert_allclose(joints[0], skeleton.rest_joints, atol=1e-12)


def test_a_straight_arm_bent_at_the_elbow_makes_a_three_four_five_triangle():
    rest = np.zeros((55, 3))
    rest[JOINT["left_elbow"]] = [3.0, 0.0, 0.0]
    rest[JOINT["left_wrist"]] = [7.0, 0.0, 0.0]
    pose = np.tile(np.eye(3), (55, 1, 1))
    pose[JOINT["left_elbow"]] = matrix_from_axis_angle(np.array([0.0, 0.0, np.pi / 2]))
    _, joints = forward_kinematics(Skeleton(rest), pose, np.zeros(3))
    np.testing.assert_allclose(joints[JOINT["left_wrist"]], [3.0, 4.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(joints[JOINT["left_wrist"]]), 5.0)


def test_bones_keep_their_length_in_every_pose(rng):
    skeleton = Skeleton(rng.normal(size=(55, 3)))
    _, joints = forward_kinematics(skeleton, random_pose(rng), rng.normal(size=(4, 3)))
    parents = np.array(PARENTS[1:])
    lengths = np.linalg.norm(joints[:, 1:] - joints[:, parents], axis=-1)
    np.testing.assert_allclose(lengths, np.tile(np.linalg.norm(skeleton.offsets[1:], axis=-1), (4, 1)))


def test_turning_the_stage_turns_the_joints(rng):
    skeleton, pose, root = Skeleton(rng.normal(size=(55, 3))), random_pose(rng), rng.normal(size=(4, 3))
    turn = matrix_from_axis_angle(np.array([0.3, -1.1, 0.7]))
    turned = pose.copy()
    turned[:, 0] = turn @ pose[:, 0]
    _, joints = forward_kinematics(skeleton, pose, root)
    _, joints_turned = forward_kinematics(skeleton, turned, root @ turn.T)
    np.testing.assert_allclose(joints_turned, joints @ turn.T, atol=1e-12)


def test_local_rotations_undo_the_chain(rng):
    skeleton, pose = Skeleton(rng.normal(size=(55, 3))), random_pose(rng)
    R_frame_from_joint, _ = forward_kinematics(skeleton, pose, np.zeros((4, 3)))
    np.testing.assert_allclose(local_rotations(R_frame_from_joint), pose, atol=1e-12)


def test_attached_points_ride_rigidly_on_their_joint(rng):
    skeleton, pose = Skeleton(rng.normal(size=(55, 3))), random_pose(rng)
    R, joints = forward_kinematics(skeleton, pose, rng.normal(size=(4, 3)))
    points_rest, on = rng.normal(size=(3, 3)), np.array([20, 20, 15])
    points = attached_points(R, joints, skeleton, points_rest, on)
    apart = np.linalg.norm(points[:, 0] - points[:, 1], axis=-1)
    np.testing.assert_allclose(apart, np.linalg.norm(points_rest[0] - points_rest[1]))
    from_joint = np.linalg.norm(points - joints[:, on], axis=-1)
    at_rest = np.linalg.norm(points_rest - skeleton.rest_joints[on], axis=-1)
    np.testing.assert_allclose(from_joint, np.tile(at_rest, (4, 1)))
