"""Hands are looked for where they can be seen, and the crops lead back to the picture."""

from __future__ import annotations

import numpy as np
from mediapipe.tasks.python.components.containers.category import Category
from mediapipe.tasks.python.components.containers.landmark import Landmark, NormalizedLandmark
from mediapipe.tasks.python.vision import HandLandmarkerResult

from backend.detect.hands import CROP_PX, _crop, _cut_out, _take_hand, no_hands
from backend.detect.pose import Pose
from motion.landmarks import LANDMARK
from tests.backend.detect.made_up_poses import standing


def crops_of(pose: Pose) -> list:
    return [crop for side in range(2) if (crop := _crop(pose, side))]


def answer(shares: np.ndarray) -> HandLandmarkerResult:
    """The network's answer for a hand whose landmarks lie at `shares` [21, 2] of a crop."""
    places = [NormalizedLandmark(x=float(x), y=float(y), z=0.0) for x, y in shares]
    world = [Landmark(x=0.01 * n, y=0.0, z=0.0) for n in range(21)]
    return HandLandmarkerResult([[Category(score=0.8)]], [places], [world])


def test_small_and_hidden_hands_are_left_alone():
    assert len(crops_of(standing((500, 500), 900))) == 2
    assert crops_of(standing((500, 500), 200)) == []
    hidden = standing((500, 500), 900)
    hidden.scores[LANDMARK["left_wrist"]] = 0.2
    assert [crop.side for crop in crops_of(hidden)] == [1]


def test_a_dot_on_the_knuckles_is_found_where_it_is():
    pose = standing((500, 500), 900)
    crops = crops_of(pose)
    rgb = np.zeros((1000, 1000, 3), np.uint8)
    dot_px = np.rint(pose.landmarks_px[LANDMARK["right_index"]]).astype(int)
    rgb[dot_px[1] - 3 : dot_px[1] + 4, dot_px[0] - 3 : dot_px[0] + 4] = 255
    cut_out = _cut_out(rgb, crops[1])
    y, x = (where.mean() for where in np.nonzero(cut_out[..., 0] > 128))
    wrist = (pose.landmarks_px[LANDMARK["right_wrist"]] - crops[1].middle_px) / (2 * crops[1].half_px) + 0.5
    hands = no_hands()
    assert _take_hand(answer(np.array([wrist, *[[x / CROP_PX, y / CROP_PX]] * 20])), crops[1], hands)
    np.testing.assert_allclose(hands.landmarks_px[1, 5], dot_px, atol=1.5)
    assert np.isnan(hands.landmarks_px[0]).all() and list(hands.scores) == [0, 0.8]


def test_a_hand_that_does_not_begin_at_the_wrist_is_another_hand():
    crops, hands = crops_of(standing((500, 500), 900)), no_hands()
    assert not _take_hand(answer(np.full((21, 2), 0.95)), crops[0], hands)
    assert np.isnan(hands.landmarks_px).all() and not hands.scores.any()
