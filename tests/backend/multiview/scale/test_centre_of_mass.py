import numpy as np
import pytest

from backend.multiview.scale.centre_of_mass import centre_of_mass
from motion.body import read_open_body
from motion.landmarks import LANDMARK, LANDMARK_COUNT
from motion.rotations import matrix_from_axis_angle

BODY = read_open_body().shaped(np.zeros(0))
POINTS = BODY.points[:LANDMARK_COUNT]


def test_who_stands_upright_has_it_at_the_pelvis_somewhat_above_half_the_height():
    x, y, _ = centre_of_mass(POINTS)
    assert x == pytest.approx(0.0, abs=1e-9)
    # Arms hang at 0.55 to 0.57 of the height (Winter 2009, §4); in a T-pose they are 10 % of the mass, 0.3 m higher.
    assert 0.55 < (y - BODY.vertices[:, 1].min()) / BODY.height < 0.61


def test_it_moves_with_the_body(rng):
    R, shift = matrix_from_axis_angle(rng.normal(size=3)), rng.normal(size=3)
    np.testing.assert_allclose(centre_of_mass(POINTS @ R.T + shift), R @ centre_of_mass(POINTS) + shift)


def test_a_hidden_knee_leaves_it_open_and_hidden_hands_and_faces_do_not():
    for name, unknown in (("left_knee", True), ("left_index", False), ("nose", False), ("right_ear", False)):
        points = np.array(POINTS)
        points[LANDMARK[name]] = np.nan
        assert np.isnan(centre_of_mass(points)).any() == unknown
