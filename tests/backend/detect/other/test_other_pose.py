"""The crop of a body goes with the body, whatever of it is seen."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect.other.other_pose import HIPS, SHOULDERS, OtherPose, crop_of
from motion.landmarks import LANDMARK, LANDMARK_COUNT

LEFT_FOOT, RIGHT_FOOT, NOSE = LANDMARK["left_foot_index"], LANDMARK["right_foot_index"], LANDMARK["nose"]
STANDING_PX = {NOSE: (200, 60), SHOULDERS[0]: (220, 100), SHOULDERS[1]: (180, 100), HIPS[0]: (212, 180),
               HIPS[1]: (188, 180), LEFT_FOOT: (220, 340), RIGHT_FOOT: (180, 340)}  # fmt: skip


def a_pose(places_px: dict[int, tuple[float, float]]) -> OtherPose:
    landmarks_px, scores = np.full((LANDMARK_COUNT, 2), np.nan), np.zeros(LANDMARK_COUNT)
    for landmark, place in places_px.items():
        landmarks_px[landmark], scores[landmark] = place, 0.8
    return OtherPose(landmarks_px, scores, 4)


def without(*landmarks: int) -> OtherPose:
    return a_pose({landmark: place for landmark, place in STANDING_PX.items() if landmark not in landmarks})


def test_a_standing_body_is_in_an_upright_crop_about_its_hips():
    crop = crop_of(a_pose(STANDING_PX))
    assert crop.middle_px == (200.0, 180.0) and crop.turn_rad == 0.0
    reach_px = np.hypot(20, 160)
    assert 2.2 * reach_px < crop.side_px < 3.0 * reach_px


@pytest.mark.parametrize("turn_rad", [0.4, -2.0, np.pi / 2])
def test_a_turned_body_turns_its_crop(turn_rad):
    cos, sin = np.cos(turn_rad), np.sin(turn_rad)
    turned = {landmark: (cos * x - sin * y, sin * x + cos * y) for landmark, (x, y) in STANDING_PX.items()}
    upright, crop = crop_of(a_pose(STANDING_PX)), crop_of(a_pose(turned))
    assert crop.turn_rad == pytest.approx(turn_rad) and crop.side_px == pytest.approx(upright.side_px)
    assert crop.middle_px == pytest.approx((cos * 200 - sin * 180, sin * 200 + cos * 180))


@pytest.mark.parametrize("missing", [(LEFT_FOOT, RIGHT_FOOT), (NOSE,), (HIPS[0],), (SHOULDERS[1], LEFT_FOOT)])
def test_a_crop_hardly_changes_when_a_part_is_hidden(missing):
    whole, crop = crop_of(a_pose(STANDING_PX)), crop_of(without(*missing))
    assert np.linalg.norm(np.subtract(crop.middle_px, whole.middle_px)) < 0.05 * whole.side_px
    assert crop.side_px == pytest.approx(whole.side_px, rel=0.2)
    assert abs(crop.turn_rad - whole.turn_rad) < 0.3


@pytest.mark.parametrize("missing", [HIPS, SHOULDERS, HIPS + SHOULDERS])
def test_without_a_trunk_the_crop_is_upright_and_holds_all_that_is_seen(missing):
    pose = without(*missing)
    crop = crop_of(pose)
    assert crop.turn_rad == 0.0
    off_px = np.abs(pose.landmarks_px[pose.is_seen] - crop.middle_px)
    assert off_px.max() < crop.side_px / 2


def test_a_single_landmark_gives_a_crop_and_none_gives_none():
    assert crop_of(a_pose({NOSE: (10.0, 20.0)})).middle_px == (10.0, 20.0)
    with pytest.raises(ValueError, match="A crop needs a landmark"):
        crop_of(a_pose({}))


def test_a_pose_of_another_shape_is_our_own_mistake():
    with pytest.raises(ValueError, match=r"landmarks_px must be \[33, 2\]"):
        OtherPose(np.zeros((17, 2)), np.zeros(33), -1)
