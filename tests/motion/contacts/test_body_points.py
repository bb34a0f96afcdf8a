import numpy as np
import pytest

from motion.body import read_open_body
from motion.contacts.body_points import figure_of
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from motion.smplx_file import read_smplx
from tests.box_body import box_body_model
from tests.smplx_model import write_smplx_model

OPEN = read_open_body()


@pytest.fixture(params=["open", "light", "box", "smplx"])
def body(request, tmp_path):
    if request.param == "smplx":
        return read_smplx(write_smplx_model(tmp_path / "SMPLX_NEUTRAL.npz"), OPEN).shaped([0.4])
    model = {"open": OPEN, "light": OPEN.light(), "box": box_body_model()}[request.param]
    return model.shaped([0.3], 1.1)


def test_every_body_has_every_point_at_a_place_of_its_own(body):
    figure = figure_of(body)
    assert {"left_heel", "right_toe", "left_palm", "seat_right", "left_knee", "right_elbow", "back"} <= set(
        figure.point_names)  # fmt: skip
    assert len(np.unique(figure.points_rest.round(6), axis=0)) == len(figure.point_names)


def test_soles_are_the_body_s_own(body):
    figure = figure_of(body)
    for side in ("left", "right"):
        for part in ("heel", "ball", "toe"):
            own = body.points[body.model.point_names.index(f"{side}_{part}_sole")]
            np.testing.assert_allclose(figure.points_rest[figure.point(f"{side}_{part}")], own)


def test_points_lie_on_the_skin_on_the_side_that_rests():
    body = OPEN.shaped([])
    figure = figure_of(body)
    for name, joint, axis, way in (("seat_left", "left_hip", 2, -1), ("seat_left", "left_hip", 1, -1),
                                   ("left_knee", "left_knee", 2, 1), ("right_elbow", "right_elbow", 2, -1),
                                   ("back", "spine3", 2, -1)):  # fmt: skip
        place = figure.points_rest[figure.point(name)]
        assert way * (place - body.skeleton.rest_joints[JOINT[joint]])[axis] > 0.03
        assert np.linalg.norm(body.vertices - place, axis=1).min() < 0.02


def test_sides_are_each_other_s_mirror_images():
    figure = figure_of(OPEN.shaped([]))
    for name in figure.point_names:
        other = name.replace("left", "*").replace("right", "left").replace("*", "right")
        mirrored = figure.points_rest[figure.point(name)] * [-1.0, 1.0, 1.0]
        np.testing.assert_allclose(figure.points_rest[figure.point(other)], mirrored, atol=2e-3)


def test_the_knee_that_one_kneels_on_turns_with_the_shank():
    figure = figure_of(OPEN.shaped([]))
    R = np.tile(np.eye(3), (2, 55, 1, 1))
    R[1, JOINT["left_knee"]] = matrix_from_axis_angle([1.5, 0.0, 0.0])
    straight, bent = figure.points(*figure.kinematics(R, np.zeros((2, 3))))[:, figure.point("left_knee")]
    assert bent[1] < straight[1] - 0.04 and np.isclose(bent[0], straight[0])
