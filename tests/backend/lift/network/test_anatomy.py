from __future__ import annotations

import numpy as np

from backend.lift.network.anatomy import within_reach
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_COUNT


def turned(joint: str, degrees: float) -> np.ndarray:
    R = np.tile(np.eye(3), (1, JOINT_COUNT, 1, 1))
    R[0, JOINT[joint]] = matrix_from_axis_angle(np.deg2rad([degrees, 0.0, 0.0]))
    return R


def degrees_of(R: np.ndarray, joint: str) -> np.ndarray:
    return np.rad2deg(axis_angle_from_matrix(R[0, JOINT[joint]]))


def test_toes_that_point_backwards_are_brought_back_along_the_shortest_way():
    assert np.allclose(degrees_of(within_reach(turned("left_foot", 150.0)), "left_foot"), [60.0, 0.0, 0.0])


def test_what_people_do_stays_as_it_is():
    for joint, degrees in (("left_knee", 150.0), ("right_shoulder", -170.0), ("head", 60.0), ("left_wrist", 80.0)):
        assert np.allclose(within_reach(turned(joint, degrees)), turned(joint, degrees), atol=1e-9)


def test_pelvis_and_fingers_turn_as_they_like():
    rng = np.random.default_rng(0)
    R = matrix_from_axis_angle(rng.normal(size=(5, JOINT_COUNT, 3)) * 2.0)
    free = [0, *range(BODY_JOINT_COUNT, JOINT_COUNT)]
    assert np.array_equal(within_reach(R)[:, free], R[:, free])
