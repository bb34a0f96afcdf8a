"""Crops of hands go where the hand goes, and there are none where no finger can be seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.detect.crop import Crop, applied
from backend.detect.hand_crop import PALM, body_step_px, crop_from_body, crop_from_hand
from backend.detect.pose import Pose
from motion.landmarks import LANDMARK
from tests.backend.detect.made_up_hands import open_hand
from tests.backend.detect.made_up_poses import standing, turned_round

BODY = standing((500, 500), 900)
TURNS = (-2.5, -0.4, 1.0, 3.0)


def moved(points_px: np.ndarray, turn_rad: float, scale: float, step_px: tuple[float, float]) -> np.ndarray:
    return scale * points_px @ Crop((0, 0), 1, turn_rad).axes.T + step_px


def assert_moved(crop: Crop, before: Crop, turn_rad: float, scale: float, step_px: tuple[float, float]) -> None:
    np.testing.assert_allclose(crop.middle_px, moved(np.array(before.middle_px), turn_rad, scale, step_px))
    assert crop.side_px == pytest.approx(scale * before.side_px)
    np.testing.assert_allclose(crop.axes, Crop((0, 0), 1, before.turn_rad + turn_rad).axes, atol=1e-9)


@pytest.mark.parametrize("turn_rad", TURNS)
def test_the_crop_moves_turns_and_grows_with_the_hand(turn_rad):
    hand_px = open_hand((300, 200), turn_rad=0.3)
    crop = crop_from_hand(moved(hand_px, turn_rad, 1.5, (20, -30)))
    assert_moved(crop, crop_from_hand(hand_px), turn_rad, 1.5, (20, -30))


@pytest.mark.parametrize("turn_rad", TURNS)
def test_the_crop_moves_turns_and_grows_with_the_body(turn_rad):
    body = replace(BODY, landmarks_px=moved(BODY.landmarks_px, turn_rad, 1.5, (20, -30)))
    for side in (0, 1):
        assert_moved(crop_from_body(body, side), crop_from_body(BODY, side), turn_rad, 1.5, (20, -30))


def test_a_mirrored_body_has_the_mirrored_crop_on_its_other_side():
    body = replace(BODY, landmarks_px=BODY.landmarks_px + np.random.default_rng(0).normal(scale=20, size=(33, 2)))
    mirrored = turned_round(replace(body, landmarks_px=body.landmarks_px * [-1, 1]))
    for side in (0, 1):
        crop, other = crop_from_body(body, side), crop_from_body(mirrored, 1 - side)
        np.testing.assert_allclose(other.middle_px, np.array(crop.middle_px) * [-1, 1])
        assert (other.side_px, other.turn_rad) == pytest.approx((crop.side_px, -crop.turn_rad))


def test_the_hand_stands_upright_and_whole_in_its_crop():
    hand_px = open_hand((300, 200), turn_rad=2.0)
    shares = applied(crop_from_hand(hand_px).crop_from_picture(1), hand_px)
    assert np.all((shares > 0) & (shares < 1))
    palm = shares[list(PALM)]
    assert np.ptp(palm, axis=0).max() == pytest.approx(0.5)
    assert shares[0, 1] > shares[9, 1] > shares[12, 1]


def test_the_bodys_crop_reaches_beyond_wrist_and_knuckles():
    for side, name in enumerate(("left", "right")):
        parts = [LANDMARK[f"{name}_{part}"] for part in ("wrist", "pinky", "index", "thumb")]
        shares = applied(crop_from_body(BODY, side).crop_from_picture(1), BODY.landmarks_px[parts])
        assert np.all((shares > 0.1) & (shares < 0.9))


def test_small_hidden_and_outside_hands_have_no_crop():
    assert crop_from_body(standing((500, 500), 200), 0) is None
    for part in ("wrist", "pinky", "index"):
        unsure = BODY.scores.copy()
        unsure[LANDMARK[f"left_{part}"]] = 0.3
        hidden = replace(BODY, scores=unsure)
        assert crop_from_body(hidden, 0) is None and crop_from_body(hidden, 1) is not None


def test_a_hand_that_points_at_the_camera_is_cut_out_as_large_as_the_forearm_says():
    places = BODY.landmarks_px.copy()
    wrist = places[LANDMARK["left_wrist"]]
    for part in ("pinky", "index"):
        places[LANDMARK[f"left_{part}"]] = wrist + [0.0, 1.0]
    pointing = crop_from_body(Pose(places, BODY.scores, BODY.landmarks_camera), 0)
    assert pointing.side_px > 0.5 * crop_from_body(BODY, 0).side_px


def test_the_arms_step_is_that_of_its_own_side():
    places = BODY.landmarks_px.copy()
    places[[LANDMARK[f"right_{part}"] for part in ("wrist", "pinky", "index")]] += [30, -7]
    now = replace(BODY, landmarks_px=places)
    np.testing.assert_allclose([body_step_px(BODY, now, side) for side in (0, 1)], [[0, 0], [30, -7]], atol=1e-9)
