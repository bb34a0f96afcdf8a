"""Against the kinematics of motion/ and of training."""

from __future__ import annotations

import numpy as np
import torch

from backend.train.hypotheses.turned_joints import matrix_from_vector, turned_joints
from backend.train.kinematics import joints_of_orientations
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import BODY_JOINT_COUNT, PARENTS

TURNS = torch.randn(2, 3, 4, 22, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def test_rotation_vectors_mean_what_they_mean_elsewhere() -> None:
    for size in (1e-6, 1e-3, 1.0, 3.0):
        turns = size * TURNS
        np.testing.assert_allclose(matrix_from_vector(turns).numpy(), matrix_from_axis_angle(turns.numpy()), atol=1e-9)


def test_no_turn_has_a_gradient() -> None:
    turns = torch.zeros(3, 3, requires_grad=True)
    matrix_from_vector(turns)[:, 0, 1].sum().backward()
    torch.testing.assert_close(turns.grad, torch.tensor([0.0, 0.0, -1.0]).expand(3, 3))


def test_joints_are_those_of_the_lifters_training() -> None:
    R = matrix_from_vector(TURNS)
    rest = torch.randn(2, 55, 3, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    above = [max(parent, 0) for parent in PARENTS[:BODY_JOINT_COUNT]]
    bones = rest[:, :BODY_JOINT_COUNT] - rest[:, above]
    joints = turned_joints(R, bones)
    for sample in range(3):
        torch.testing.assert_close(joints[:, sample], joints_of_orientations(R[:, sample], rest))
