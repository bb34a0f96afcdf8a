"""One body is found once, and what lies outside of the picture is not sure."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect.pose import OUTSIDE_SCORE, Pose, is_same_body, without_outside
from tests.backend.detect.made_up_poses import standing, turned_round


def test_two_findings_of_a_body_are_one_body():
    assert is_same_body(standing((505, 498)), standing((500, 500)))
    assert is_same_body(turned_round(standing((505, 498))), standing((500, 500)))


def test_a_body_found_once_more_upside_down_is_one_body():
    person = standing((500, 500))
    trunk_px = person.landmarks_px[[11, 12, 23, 24]].mean(axis=0)
    on_the_head = Pose(2 * trunk_px + [5, 4] - person.landmarks_px, person.scores, person.landmarks_camera)
    assert is_same_body(on_the_head, person)


@pytest.mark.parametrize("beside_px", [(120, 0), (0, 150), (-130, 40)])
def test_two_people_side_by_side_are_two(beside_px):
    assert not is_same_body(standing((500 + beside_px[0], 500 + beside_px[1])), standing((500, 500)))


def test_an_unsure_small_pose_on_a_body_is_that_body():
    big = standing((500, 500), 600)
    assert is_same_body(standing((510, 420), 150, score=0.4), big)
    assert not is_same_body(standing((510, 420), 150, score=0.9), big)
    assert not is_same_body(standing((1000, 420), 150, score=0.4), big)


def test_landmarks_outside_or_on_the_border_are_never_sure():
    landmarks_px = np.full((33, 2), [320.0, 240.0])
    landmarks_px[:4] = [[-5, 240], [320, 500], [639, 240], [320, 1]]
    scores = without_outside(landmarks_px, np.full(33, 0.95), 640, 480)
    assert (scores[:4] == OUTSIDE_SCORE).all() and (scores[4:] == 0.95).all()
    assert (without_outside(landmarks_px, np.full(33, 0.1), 640, 480) == 0.1).all()
