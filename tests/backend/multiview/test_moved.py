from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from backend.cameras.projection import projected
from backend.multiview.moved import moved_lift
from backend.multiview.take_grid import take_grid
from tests.backend.multiview.made_up_scene import dancing, filmed, rig_about

RIG = rig_about((0.0, 70.0), (0.0, 0.4))
GRID = take_grid(Fraction(30), RIG, np.array([[0.0, 59 / 30], [0.0, 59 / 30]]))


@pytest.fixture(scope="module")
def lifts():
    return filmed(RIG, frames=60)


def test_whom_only_another_camera_sees_stands_where_the_first_would_see_them(lifts) -> None:
    moved = moved_lift(lifts[1], RIG, 1, GRID)
    seen = moved.track.seen
    R, root = dancing(GRID.times_s)
    np.testing.assert_allclose(moved.root_camera[seen], root[seen], atol=2e-3)
    np.testing.assert_allclose(moved.R_parent_from_joint[seen, 0], R[seen, 0], atol=0.02)
    assert seen.sum() == 60 and not seen[:12].any()


def test_the_first_camera_saw_nothing_of_them_and_the_other_all(lifts) -> None:
    moved = moved_lift(lifts[1], RIG, 1, GRID)
    seen, (other,) = moved.track.seen, moved.others
    assert not moved.track.scores.any() and np.isfinite(moved.track.landmarks_px[seen]).all()
    points_px = projected(other.in_view(moved.points_camera()[:, :33]), other.K)
    np.testing.assert_allclose(points_px[seen], other.landmarks_px[seen], atol=1.5)
    assert np.isnan(other.landmarks_px[~seen]).all() and not other.scores[~seen].any()


def test_whom_the_first_camera_sees_stays(lifts) -> None:
    moved = moved_lift(lifts[0], RIG, 0, GRID)
    assert moved.others == ()
    np.testing.assert_array_equal(moved.root_camera[:60], lifts[0].root_camera)
    np.testing.assert_array_equal(moved.track.landmarks_px[:60], lifts[0].track.landmarks_px)
