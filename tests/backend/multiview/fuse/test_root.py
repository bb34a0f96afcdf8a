import numpy as np
import pytest

from backend.multiview.fuse.planes import planes_of
from backend.multiview.fuse.root import root_over_views
from tests.backend.lift.made_up_track import K
from tests.backend.lift.refine.clips import walker
from tests.backend.multiview.fuse.made_up_views import rig_about, seen_in_view

TRUTH = walker(40)
RIG = rig_about(TRUTH, (0.0, 1.3), (0.0, 0.0))
PX = np.stack([seen_in_view(TRUTH, RIG, view).track.landmarks_px for view in range(2)])
SCORES = np.full((2, 40, 33), 0.95)


def _root(landmarks_px, scores, start):
    return root_over_views(TRUTH.R_parent_from_joint, TRUTH.body, planes_of(landmarks_px, scores, RIG), start, 30.0)


@pytest.mark.parametrize("off_m", [(0.4, 0.0, 0.0), (0.0, -0.2, 0.6)])
def test_a_body_is_found_from_a_start_that_is_far_off(off_m):
    found = _root(PX, SCORES, TRUTH.root_camera + np.array(off_m))
    assert np.linalg.norm(found - TRUTH.root_camera, axis=-1).max() < 0.01


def test_frames_of_both_views_tell_the_distance_where_one_is_left():
    scores = SCORES.copy()
    scores[1, 18:22] = 0.0
    px = PX * np.array([1.03, 1.0]) - np.array([0.03 * K[0, 2], 0.0])
    px[1] = PX[1]
    steps = np.diff(_root(px, scores, TRUTH.root_camera) - TRUTH.root_camera, 2, axis=0)
    assert np.abs(steps).max() < 0.01


def test_where_nothing_is_seen_the_start_stays():
    start = TRUTH.root_camera + 0.3
    np.testing.assert_allclose(_root(PX, np.zeros_like(SCORES), start), start, atol=1e-4)


def test_one_wild_landmark_moves_nobody():
    px = PX.copy()
    px[0, :, 15] += 700.0
    assert np.linalg.norm(_root(px, SCORES, TRUTH.root_camera) - TRUTH.root_camera, axis=-1).max() < 2e-3
