from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from motion.body import read_open_body
from motion.contacts.body_points import figure_of
from motion.contacts.slide import feet_slide_m
from motion.motion import Motion


@pytest.fixture(scope="module")
def body():
    return read_open_body().shaped([])


def test_feet_slide_by_their_way_along_the_floor_while_they_rest(body):
    root = np.array([[0.0, 0.0, 1.0], [0.003, 0.004, 1.2], [0.003, 0.004, 1.0], [0.103, 0.004, 1.0]])
    motion = Motion(body.skeleton, Fraction(30), np.tile(np.eye(3), (4, 55, 1, 1)), root)
    held = np.array([[True], [True], [True], [False]])
    # 5 mm and then nothing; the step in which the heel is let go does not count, and neither does the way up.
    assert feet_slide_m(motion, figure_of(body), ["right_heel"], held) == pytest.approx(0.0025)


def test_feet_that_never_rest_do_not_slide(body):
    motion = Motion(body.skeleton, Fraction(30), np.tile(np.eye(3), (3, 55, 1, 1)), np.zeros((3, 3)))
    assert np.isnan(feet_slide_m(motion, figure_of(body), ["left_heel"], np.zeros((3, 1), dtype=bool)))
