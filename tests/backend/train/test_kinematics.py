import numpy as np
import torch

from backend.train.cameras.cameras import looking
from backend.train.kinematics import (
    attached_points,
    forward_kinematics,
    gravity_view,
    matrix_from_quaternion,
    steps_between,
)
from motion import kinematics as reference
from motion.body import read_open_body
from motion.rotations import matrix_from_axis_angle, quaternion_from_matrix


def posed_people(rng):
    """Two people of three frames each: rotations of 55 joints, fingers and face at rest, and their bodies."""
    R_parent_from_joint = np.tile(np.eye(3), (2, 3, 55, 1, 1))
    R_parent_from_joint[:, :, :22] = matrix_from_axis_angle(rng.normal(size=(2, 3, 22, 3)))
    bodies = [read_open_body().shaped(rng.normal(size=8), scale) for scale in (0.8, 1.1)]
    return R_parent_from_joint, rng.normal(size=(2, 3, 3)), bodies


def tensor(array):
    return torch.from_numpy(np.asarray(array, dtype=np.float32))


def test_joints_and_points_are_where_the_core_has_them():
    rng = np.random.default_rng(3)
    R_parent_from_joint, root, bodies = posed_people(rng)
    rest = tensor(np.stack([body.skeleton.rest_joints for body in bodies]))
    R, joints = forward_kinematics(tensor(R_parent_from_joint[:, :, :22]), tensor(root), rest)
    points, riding = rng.normal(size=(4, 3)), np.array([15, 3, 20, 7])
    offsets = tensor(points) - rest[:, torch.from_numpy(riding)]
    attached = attached_points(R, joints, offsets, torch.from_numpy(riding))
    for person, body in enumerate(bodies):
        of_core = reference.forward_kinematics(body.skeleton, R_parent_from_joint[person], root[person])
        points_of_core = reference.attached_points(*of_core, body.skeleton, points, riding)
        np.testing.assert_allclose(R[person], of_core[0][:, :22], atol=1e-5)
        np.testing.assert_allclose(joints[person], of_core[1][:, :22], atol=1e-5)
        np.testing.assert_allclose(attached[person], points_of_core, atol=1e-5)


def test_gradients_reach_the_rotations():
    R_parent_from_joint, root, bodies = posed_people(np.random.default_rng(4))
    R = tensor(R_parent_from_joint[:, :, :22]).requires_grad_()
    rest = tensor(np.stack([body.skeleton.rest_joints for body in bodies]))
    forward_kinematics(R, tensor(root), rest)[1].square().sum().backward()
    assert R.grad[:, :, :20].abs().sum((0, 1, 3, 4))[[0, 1, 16, 19]].min() > 0


def test_quaternions_of_any_length_become_the_matrices_they_came_from():
    R = matrix_from_axis_angle(np.random.default_rng(5).normal(size=(20, 3)))
    quat_wxyz = -1.7 * quaternion_from_matrix(R)
    np.testing.assert_allclose(matrix_from_quaternion(tensor(quat_wxyz)), R, atol=1e-6)


def test_the_gravity_view_is_the_camera_without_pitch_and_roll():
    yaw, pitch, roll = torch.tensor([[0.4, -2.0, 3.0], [0.5, -0.2, 0.0], [0.3, -0.4, 0.02]])
    R_camera_from_world = looking(yaw, pitch, roll)
    R_view_from_world = gravity_view(-R_camera_from_world[..., :, 2]) @ R_camera_from_world
    level = looking(yaw, torch.zeros(3), torch.zeros(3))
    torch.testing.assert_close(R_view_from_world, level, atol=1e-6, rtol=0.0)


def test_looking_straight_down_still_gives_a_rotation():
    R = gravity_view(torch.tensor([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]]))
    torch.testing.assert_close(R @ R.transpose(-1, -2), torch.eye(3).expand(2, 3, 3))
    assert torch.linalg.det(R).min() > 0.99


def test_steps_of_a_camera_multiply_up_to_its_turn():
    R = torch.from_numpy(matrix_from_axis_angle(np.random.default_rng(6).normal(size=(1, 5, 3)))).float()
    steps, turned = steps_between(R), torch.eye(3)
    for step in steps[0]:
        turned = step @ turned
    torch.testing.assert_close(turned @ R[0, 0], R[0, -1], atol=1e-5, rtol=0.0)
