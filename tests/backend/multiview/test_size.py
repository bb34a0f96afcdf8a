from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from backend.multiview.size import landmarks_in_space, metres_per_unit, rate_doubt_of
from backend.multiview.take_grid import take_grid
from motion.body import read_open_body
from tests.backend.multiview.made_up_scene import filmed, rig_about

TRUE_RIG = rig_about((0.0, 90.0), (0.0, 0.0))
LIFTS = filmed(TRUE_RIG)
PEOPLE = [dict(enumerate(LIFTS))]
GRID = take_grid(Fraction(30), TRUE_RIG, np.array([lift.track.times_s[[0, -1]] for lift in LIFTS]))
HEIGHT_M = read_open_body().shaped(np.zeros(0)).height
UNIT_M = 1.2


def test_with_the_height_given_the_rig_becomes_as_large_as_it_is():
    found = metres_per_unit(PEOPLE, TRUE_RIG.scaled(1.0 / UNIT_M), GRID, HEIGHT_M)
    assert found == pytest.approx(UNIT_M, rel=0.03)


def test_without_it_what_the_lifter_sees_counts():
    def told(seen_m: float) -> float:
        people = [{view: replace(lift, seen_height_m=seen_m) for view, lift in PEOPLE[0].items()}]
        return metres_per_unit(people, TRUE_RIG, GRID, None)

    assert told(1.55) < metres_per_unit(PEOPLE, TRUE_RIG, GRID, None) < told(1.85)


def test_whom_one_camera_sees_alone_tells_nothing():
    assert metres_per_unit([{0: LIFTS[0]}, {1: LIFTS[1]}], TRUE_RIG, GRID, HEIGHT_M) == 1.0


def test_landmarks_lie_where_the_body_has_them():
    found = landmarks_in_space(PEOPLE[0], TRUE_RIG, GRID)
    known = np.isfinite(found).all(axis=-1)
    assert known.mean() > 0.4     # not the face and hands, of which two cameras are less sure
    off_m = np.linalg.norm(found - LIFTS[0].points_camera()[: len(found), :33], axis=-1)[known]
    assert off_m.max() < 0.01


def test_who_never_leaves_the_ground_raises_no_doubt():
    assert rate_doubt_of(PEOPLE, TRUE_RIG, GRID, size_known=True) is None
    assert rate_doubt_of([{0: LIFTS[0]}], TRUE_RIG, GRID, size_known=True) is None
