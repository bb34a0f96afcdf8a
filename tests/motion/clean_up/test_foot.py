import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.clean_up.foot import feet_of
from motion.rotations import matrix_from_axis_angle
from tests.motion.clean_up.performers import FIGURE, UP, UPRIGHT, about_z

LEFT, RIGHT = feet_of(FIGURE)
TILTS = st.floats(-0.9, 0.9)


def heading(R, way):
    x, y = (R @ way)[:2]
    return np.arctan2(y, x)


def test_both_feet_are_found_and_stand_upright_at_rest():
    assert {LEFT.side, RIGHT.side} == {"left", "right"}
    for foot in (LEFT, RIGHT):
        np.testing.assert_array_equal(foot.up, [0.0, 1.0, 0.0])
        assert foot.forward[2] > 0.95 and abs(foot.forward @ foot.up) < 1e-12


@settings(deadline=None)
@given(yaw=st.floats(-3.0, 3.0), pitch=TILTS)
def test_a_level_foot_keeps_its_heading_and_lies_flat(yaw, pitch):
    tilted = about_z(yaw) @ UPRIGHT @ matrix_from_axis_angle(pitch * np.cross(LEFT.up, LEFT.forward))
    level = LEFT.level(tilted[None])[0]
    np.testing.assert_allclose(level @ LEFT.up, UP, atol=1e-9)
    np.testing.assert_allclose(level, about_z(yaw) @ UPRIGHT, atol=1e-6)


def test_a_foot_that_points_straight_down_heads_where_the_instep_looks():
    down = UPRIGHT @ matrix_from_axis_angle(0.5 * np.pi * np.cross(LEFT.up, LEFT.forward))
    np.testing.assert_allclose(down @ LEFT.forward, -UP, atol=1e-9)
    assert heading(LEFT.level(down[None])[0], LEFT.forward) == pytest.approx(heading(UPRIGHT, LEFT.forward))


def test_laid_feet_go_from_heel_to_ball_even_up_a_slope():
    way = np.array([[0.1, 0.08, 0.03]])
    R = LEFT.laid(way, LEFT.ball - LEFT.heel)[0]
    sole = R @ (LEFT.ball - LEFT.heel)
    np.testing.assert_allclose(sole / np.linalg.norm(sole), way[0] / np.linalg.norm(way), atol=1e-9)
    assert (R @ LEFT.up)[2] > 0.9
