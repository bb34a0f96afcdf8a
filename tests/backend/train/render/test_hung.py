"""What hangs on the body follows it."""

from __future__ import annotations

import numpy as np
import pytest

from backend.body.skinning import posed_vertices
from backend.train.render.garments import tube_faces
from backend.train.render.hung import Piece, hung_on
from motion.body import read_open_body
from motion.kinematics import forward_kinematics
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT, JOINT_COUNT


@pytest.mark.parametrize("joint", ["head", "pelvis", "left_hip", "spine3"])
def test_a_piece_on_one_part_turns_with_its_joint(joint):
    model, rng = read_open_body(), np.random.default_rng(2)
    body = model.shaped([])
    R = matrix_from_axis_angle(rng.normal(0, 0.3, (1, JOINT_COUNT, 3)))
    place = body.skeleton.rest_joints[JOINT[joint]] + rng.normal(0, 0.05, (6, 3))
    piece = Piece(place, tube_faces(2, 3, False), (joint,), np.ones((6, 1)), lambda places: places)
    hung = hung_on(model, [piece])
    R_world, joints = forward_kinematics(body.skeleton, R, np.zeros((1, 3)))
    number = JOINT[joint]
    expected = (place - body.skeleton.rest_joints[number]) @ R_world[0, number].T + joints[0, number]
    posed = hung.mixture @ posed_vertices(body, R, np.zeros((1, 3)))[0][hung.sources]
    assert np.allclose(posed, expected, atol=0.02)


def test_pieces_at_rest_stay_where_they_were_made():
    model = read_open_body()
    place = np.random.default_rng(3).normal(0, 0.2, (6, 3))
    weights = np.full((6, 2), 0.5)
    hung = hung_on(model, [Piece(place, tube_faces(2, 3, True), ("left_hip", "right_hip"), weights, lambda x: x)])
    assert np.allclose(hung.mixture @ model.vertices[hung.sources], place, atol=1e-6)
