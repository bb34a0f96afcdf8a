"""Measures of a motion that several cameras saw, of which the first one may have missed a part."""

from dataclasses import replace

import numpy as np
import pytest

from motion.clean_up.sight import sight_of
from motion.quality.card import quality_card
from motion.quality.measures import posed, reprojection_by_frame, reprojection_px

from .test_card import BODY, seeing, standing

MISSED = slice(0, 30)


def two_cameras():
    """The second one stands aside and sees all; the first misses a second, and all that it sees is 10 px off."""
    motion = standing()
    first, second = motion.cameras[0], seeing(motion)
    landmarks_px, scores = first.landmarks_px + [10.0, 0.0], np.array(first.scores)
    landmarks_px[MISSED], scores[MISSED] = np.nan, 0.0
    turn = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])   # about the camera's down, and the body
    t = turn @ (second.t_camera_from_world[0] - [0.0, 0.0, 3.0]) + [0.0, 0.0, 3.0]
    frames = motion.frame_count
    aside = replace(second, R_camera_from_world=turn @ second.R_camera_from_world,
                    t_camera_from_world=np.tile(t, (frames, 1)))  # fmt: skip
    points = posed(motion, BODY).points_world[:, :33] @ aside.R_camera_from_world[0].T + t
    px = (points @ aside.K[0].T)[..., :2] / points[..., 2:]
    return replace(motion, cameras=(replace(first, landmarks_px=landmarks_px, scores=scores),
                                    replace(aside, landmarks_px=px)))  # fmt: skip


def test_the_mean_over_the_footage_is_of_all_cameras():
    motion = two_cameras()
    at = posed(motion, BODY)
    assert reprojection_px(motion, at) == pytest.approx(10.0 * 60 / (60 + 90), rel=1e-6)
    off = reprojection_by_frame(motion, at)
    assert np.isfinite(off).all() and off[MISSED] == pytest.approx(0.0, abs=1e-9) and off[45] > 0.005


def test_what_the_first_camera_missed_is_not_to_be_checked_if_another_saw_it():
    assert quality_card(two_cameras(), BODY, True, True).check == ()


def test_several_cameras_find_their_lenses_but_know_less_than_who_says_them():
    found, said = (quality_card(two_cameras(), BODY, True, known).values for known in (False, True))
    alone = quality_card(standing(), BODY, True, False).values
    assert said["depth_percent"] == said["size_percent"] < found["depth_percent"] < alone["depth_percent"]


def test_a_place_is_sure_every_way_while_both_see_it():
    least = np.linalg.eigvalsh(sight_of(two_cameras()))[:, 0]
    assert (least[31:] > 3.0 * least[MISSED].max()).all()
    alone = np.linalg.eigvalsh(sight_of(standing()))[:, 0]
    assert (least[MISSED] < 1.2 * alone[MISSED]).all()
