import numpy as np
import pytest
import torch

from backend.train.bodies import BodyFamily
from backend.train.chance import Chance
from motion.body import read_open_body
from motion.landmarks import LANDMARK
from motion.skeleton import JOINT


@pytest.fixture(scope="module")
def family():
    return BodyFamily()


def test_bodies_have_the_shape_and_height_that_the_open_body_has(family):
    model = read_open_body()
    shape = np.array([0.6, -1.0, 1.2, 0.3, -0.7, 0.9, -0.4, 1.1])
    body = model.shaped(shape)
    ours = family.bodies(torch.tensor(shape[None], dtype=torch.float32), torch.tensor([body.height]))
    np.testing.assert_allclose(ours.rest_joints[0], body.skeleton.rest_joints, atol=2e-3)
    np.testing.assert_allclose(ours.landmarks_rest[0], body.points[:33], atol=2e-3)


def test_people_are_between_child_and_giant_and_mostly_grown_up(family):
    heights = family.drawn(4000, Chance.seeded(1)).height_m
    assert 1.19 < heights.min() < 1.3 and 1.95 < heights.max() < 2.06
    assert 0.03 < (heights < 1.45).float().mean() < 0.15 and abs(heights.median() - 1.69) < 0.03


def test_pelvis_is_as_high_as_the_legs_are_long(family):
    bodies = family.drawn(200, Chance.seeded(2))
    legs = bodies.rest_joints[:, JOINT["left_hip"], 1] - bodies.rest_joints[:, JOINT["left_ankle"], 1]
    above = bodies.pelvis_height_m - legs
    assert (above > 0.08).all() and (above < 0.3).all()


def test_a_body_on_its_own_skeleton_has_its_own_landmarks_and_height(family):
    bodies = family.drawn(50, Chance.seeded(3))
    fitted = family.on_skeletons(bodies.rest_joints)
    assert (fitted.landmarks_rest - bodies.landmarks_rest).norm(dim=-1).mean() < 0.003
    assert (fitted.height_m - bodies.height_m).abs().mean() < 0.015


def test_points_stay_beside_their_joints_on_any_skeleton(family):
    rest = read_open_body().joints.copy()
    rest[JOINT["left_wrist"] :] += 0.03
    fitted = family.on_skeletons(torch.from_numpy(rest[None]).float())
    wrist = LANDMARK["left_wrist"]
    assert (fitted.landmarks_rest[0, wrist] - fitted.rest_joints[0, JOINT["left_wrist"]]).norm() < 0.02


def test_mirrored_twice_is_the_same_body(family):
    bodies = family.redefined(family.drawn(5, Chance.seeded(4)), Chance.seeded(5))
    once, twice = bodies.mirrored(), bodies.mirrored().mirrored()
    left, right = LANDMARK["left_hip"], LANDMARK["right_hip"]
    assert torch.equal(twice.landmarks_rest, bodies.landmarks_rest) and torch.equal(twice.soles_rest, bodies.soles_rest)
    assert torch.equal(once.landmarks_rest[:, left, 1], bodies.landmarks_rest[:, right, 1])
    assert (once.landmarks_rest[:, left, 0] > 0).all()


def test_other_definitions_move_hips_more_than_eyes_and_joints_not_at_all(family):
    bodies = family.drawn(500, Chance.seeded(6))
    moved = family.redefined(bodies, Chance.seeded(7), amount=2.0)
    spread = (moved.landmarks_rest - bodies.landmarks_rest).std(0).mean(-1)
    assert torch.equal(moved.rest_joints, bodies.rest_joints)
    assert abs(spread[LANDMARK["left_hip"]] - 0.028) < 0.004 and spread[LANDMARK["left_eye"]] < 0.013
