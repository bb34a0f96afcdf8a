"""Scores are probabilities that behave as one would expect of them."""

from __future__ import annotations

import numpy as np

from backend.detect.pose import OUTSIDE_SCORE
from backend.detect.scores import USUAL_DOUBT, calibrated, trunk_px
from motion.rotations import matrix_from_axis_angle
from tests.backend.detect.made_up_poses import standing

POSE = standing((400, 300))
HEIGHT_PX, HEIGHT_M = 300.0, 1.7


def scored(visibility: float, doubt_trunks: float) -> np.ndarray:
    trunk = trunk_px(POSE.landmarks_px[None], POSE.landmarks_camera[None])[0]
    doubts_px = np.full((1, 33), doubt_trunks * trunk)
    return calibrated(np.full((1, 33), visibility), doubts_px, POSE.landmarks_px[None], POSE.landmarks_camera[None])[0]


def test_a_score_lies_between_0_and_1_for_anything_that_the_network_may_say():
    for visibility in (0.0, 1e-9, 0.5, 1.0):
        for doubt in (0.0, USUAL_DOUBT, 5.0, 1e6, np.nan):
            assert np.all((scored(visibility, doubt) >= 0) & (scored(visibility, doubt) <= 1))


def test_the_further_apart_both_looks_lie_the_less_sure():
    falling = np.array([scored(0.9, doubt) for doubt in (0.02, 0.04, 0.08, 0.15, 0.3, 1.0)])
    assert np.all(np.diff(falling, axis=0) < 0) and falling[0].min() > 0.8 and falling[-1].max() < 0.1


def test_what_is_seen_better_is_surer():
    for doubt in (0.03, np.nan):
        assert np.all(np.diff([scored(visibility, doubt) for visibility in (0.35, 0.6, 0.9, 0.99)], axis=0) > 0)


def test_outside_of_the_picture_nothing_becomes_surer():
    assert scored(OUTSIDE_SCORE, 0.001).max() <= OUTSIDE_SCORE


def test_a_trunk_keeps_its_length_however_the_body_is_turned():
    upright = trunk_px(POSE.landmarks_px[None], POSE.landmarks_camera[None])[0]
    for turn in ([0, 0, 0.8], [0.9, 0, 0], [0, 1.2, 0]):
        turned = POSE.landmarks_camera @ matrix_from_axis_angle(np.array(turn, float)).T
        seen_px = [400, 300] + turned[:, :2] * HEIGHT_PX / HEIGHT_M
        np.testing.assert_allclose(trunk_px(seen_px[None], turned[None])[0], upright, rtol=1e-6)
