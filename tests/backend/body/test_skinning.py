"""Laws of linear blend skinning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.body.skinning import posed_vertices
from motion.arrays import Array
from motion.body import Body
from motion.kinematics import attached_points, forward_kinematics
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT_COUNT
from tests.box_body import box_body_model

FLOAT32_M = 2e-6


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.fixture
def soft_body(rng: np.random.Generator) -> Body:
    """A box person whose vertices each follow three joints."""
    model = box_body_model()
    weights = rng.dirichlet((2.0, 1.0, 0.5), size=len(model.vertices))
    joints = rng.permuted(np.tile(np.arange(JOINT_COUNT), (len(model.vertices), 1)), axis=1)[:, :3]
    return replace(model, weight_joints=joints, weights=weights).shaped([0.7, -0.4], scale=1.1)


def random_pose(rng: np.random.Generator, frames: int) -> tuple[Array, Array]:
    return matrix_from_axis_angle(rng.normal(0, 0.6, (frames, JOINT_COUNT, 3))), rng.normal(0, 2.0, (frames, 3))


def test_the_rest_pose_gives_the_rest_mesh(soft_body):
    still = np.tile(np.eye(3), (2, JOINT_COUNT, 1, 1))
    root = np.tile(soft_body.skeleton.rest_joints[0], (2, 1))
    vertices = posed_vertices(soft_body, still, root)
    assert vertices.dtype == np.float32
    np.testing.assert_allclose(vertices, np.stack([soft_body.vertices] * 2), atol=FLOAT32_M)


def test_a_turn_of_the_root_turns_the_whole_body_about_it(soft_body, rng):
    R, root = random_pose(rng, 3)
    turn = matrix_from_axis_angle(np.array([0.3, -1.1, 2.0]))
    turned = R.copy()
    turned[:, 0] = turn @ R[:, 0]
    expected = (posed_vertices(soft_body, R, root) - root[:, None]) @ turn.T + root[:, None]
    np.testing.assert_allclose(posed_vertices(soft_body, turned, root), expected, atol=2 * FLOAT32_M)


def test_it_is_the_textbook_sum_over_joints(soft_body, rng):
    R, root = random_pose(rng, 4)
    np.testing.assert_allclose(posed_vertices(soft_body, R, root), textbook(soft_body, R, root), atol=2 * FLOAT32_M)


def test_vertices_of_one_joint_keep_their_place_on_it(rng):
    body = box_body_model().shaped([0.3, 0.5])
    R, root = random_pose(rng, 3)
    orientations, joints = forward_kinematics(body.skeleton, R, root)
    rigid = attached_points(orientations, joints, body.skeleton, body.vertices, body.model.weight_joints[:, 0])
    np.testing.assert_allclose(posed_vertices(body, R, root), rigid, atol=2 * FLOAT32_M)


def test_far_from_the_origin_the_body_keeps_its_form(soft_body, rng):
    R, root = random_pose(rng, 2)
    far = root + (3000.0, -2000.0, 0.0)
    near_form = posed_vertices(soft_body, R, root) - root[:, None]
    far_form = posed_vertices(soft_body, R, far) - far[:, None]
    np.testing.assert_allclose(far_form, near_form, atol=3e-4)  # float32 ends at 0.12 mm there


def test_no_frames_give_no_bodies(soft_body):
    vertices = posed_vertices(soft_body, np.zeros((0, JOINT_COUNT, 3, 3)), np.zeros((0, 3)))
    assert vertices.shape == (0, len(soft_body.vertices), 3)


def textbook(body: Body, R_parent_from_joint: Array, root: Array) -> Array:
    """The same in float64 with plain loops."""
    orientations, joints = forward_kinematics(body.skeleton, R_parent_from_joint, root)
    vertices = np.zeros((len(root), len(body.vertices), 3))
    for frame in range(len(root)):
        for v, rest in enumerate(body.vertices):
            for joint, weight in zip(body.model.weight_joints[v], body.model.weights[v], strict=True):
                carried = orientations[frame, joint] @ (rest - body.skeleton.rest_joints[joint]) + joints[frame, joint]
                vertices[frame, v] += weight * carried
    return vertices
