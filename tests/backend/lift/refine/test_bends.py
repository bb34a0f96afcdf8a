from dataclasses import replace

import numpy as np
import pytest

from backend.lift.refine.bends import bends, hinges_of
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.backend.lift.refine.clips import walker

NO_TURNS = np.zeros((1, 22, 3))
# The way that each joint bends in the rest pose's frame (left and right mirrored).
BENT = {"left_knee": (1, 0, 0), "left_elbow": (0, -1, 0), "right_knee": (1, 0, 0), "right_elbow": (0, 1, 0)}


@pytest.mark.parametrize(("hinge", "name"), list(enumerate(BENT)))
@pytest.mark.parametrize("angle", [0.7, -0.7])
def test_the_sign_tells_which_way_a_joint_bends(hinge, name, angle):
    lift = walker(1)
    R = np.broadcast_to(np.eye(3), (1, 55, 3, 3)).copy()
    R[0, JOINT[name]] = matrix_from_axis_angle(angle * np.array(BENT[name], dtype=float))
    sine, _ = bends(hinges_of(replace(lift, R_parent_from_joint=R), slice(None)), NO_TURNS)
    assert np.sign(sine[0, hinge]) == np.sign(angle)
    assert abs(sine[0, hinge]) == pytest.approx(np.sin(0.7), abs=0.15)   # bones are not quite straight at rest


def test_turning_the_whole_body_bends_nothing():
    hinges = hinges_of(walker(1), slice(None))
    turn = np.broadcast_to((0.4, -0.7, 1.1), (1, 22, 3))
    np.testing.assert_allclose(bends(hinges, turn)[0], bends(hinges, NO_TURNS)[0], atol=1e-12)
