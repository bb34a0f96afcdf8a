"""Every keypoint is the landmark that its maker's documentation says."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect.other.keypoint_sets import (
    BODY_25,
    BODY_25B,
    SETS,
    face_landmarks,
    hand_landmarks,
    set_of,
)
from motion.landmarks import LANDMARK, LANDMARK_NAMES

BY_NAME = {each.name: each for each in SETS}


def keypoint_of(name: str, landmark: str) -> int:
    """Which keypoint of the set the landmark is, -1 if none."""
    numbered = np.repeat(np.arange(len(BY_NAME[name].keypoints))[:, None], 3, axis=1)
    found = BY_NAME[name].landmarks(numbered)[LANDMARK[landmark], 0]
    return int(found) if np.isfinite(found) else -1


@pytest.mark.parametrize("name, landmark, keypoint", [
    ("COCO", "left_eye", 1), ("COCO", "right_ankle", 16), ("COCO", "left_heel", -1), ("COCO", "left_index", -1),
    ("OpenPose COCO", "right_shoulder", 2), ("OpenPose COCO", "left_hip", 11), ("OpenPose COCO", "left_ear", 17),
    ("OpenPose BODY_25", "left_wrist", 7), ("OpenPose BODY_25", "right_hip", 9), ("OpenPose BODY_25", "left_ankle", 14),
    ("OpenPose BODY_25", "left_foot_index", 19), ("OpenPose BODY_25", "right_heel", 24),
    ("OpenPose BODY_25B", "right_elbow", 8), ("OpenPose BODY_25B", "right_foot_index", 22),
    ("Halpe 26", "left_foot_index", 20), ("Halpe 26", "right_foot_index", 21), ("Halpe 26", "left_heel", 24),
    ("COCO-WholeBody", "left_heel", 19), ("COCO-WholeBody", "right_foot_index", 20),
    ("COCO-WholeBody", "right_eye_outer", 59), ("COCO-WholeBody", "mouth_left", 77),
    ("COCO-WholeBody", "left_thumb", 93), ("COCO-WholeBody", "right_index", 117), ("COCO-WholeBody", "left_pinky", 108),
    ("Halpe 136", "left_eye_inner", 68), ("Halpe 136", "right_pinky", 132), ("Halpe 136", "left_index", 99),
])  # fmt: skip
def test_a_landmark_is_the_keypoint_that_its_maker_says(name, landmark, keypoint):
    assert keypoint_of(name, landmark) == keypoint


@pytest.mark.parametrize("each", SETS, ids=lambda each: each.name)
def test_every_set_has_both_sides_of_limbs_and_no_landmark_twice(each):
    numbers = [keypoint_of(each.name, landmark) for landmark in LANDMARK_NAMES]
    had = [number for number in numbers if number >= 0]
    assert len(had) == len(set(had))
    for landmark, number in zip(LANDMARK_NAMES, numbers):
        assert (number >= 0) == (keypoint_of(each.name, landmark.replace("left", "right")) >= 0)
    assert all(keypoint_of(each.name, f"left_{part}") >= 0 for part in ("shoulder", "elbow", "wrist", "hip", "knee"))


def standing(each) -> np.ndarray:
    """[25, 3], somebody upright, in 25 keypoints."""
    heights = {"nose": 40, "shoulder": 100, "elbow": 160, "wrist": 210, "hip": 220, "knee": 310, "ankle": 400}
    points = []
    for name in each.keypoints:
        across = {"left": 240.0, "right": 180.0}.get(name.split("_")[0], 210.0)
        points.append((across, float(heights.get(name.split("_")[-1], 405)), 0.8))
    return np.array(points)


@pytest.mark.parametrize("each", [BODY_25, BODY_25B], ids=lambda each: each.name)
def test_openposes_two_sets_of_25_are_told_apart_by_the_middle_of_the_hips(each):
    hidden = standing(each) * np.where(np.arange(25) == 9, 0.0, 1.0)[:, None]
    assert set_of([hidden, standing(each), hidden]) is each


def test_25_keypoints_without_hips_are_what_openpose_gives_by_default():
    assert set_of([np.zeros((25, 3))]) is BODY_25


def test_an_unknown_number_of_keypoints_is_no_set():
    assert set_of([np.zeros((21, 3))]) is None and set_of([]) is None


def test_faces_and_hands_apart_from_the_body_give_the_same_landmarks_as_within():
    whole = BY_NAME["COCO-WholeBody"]
    points = np.arange(133 * 3.0).reshape(133, 3)
    landmarks = whole.landmarks(points)
    hands = hand_landmarks(points[91:112], "left") | hand_landmarks(points[112:], "right")
    parts = face_landmarks(points[23:91]) | hands
    assert len(parts) == 12
    for name, point in parts.items():
        np.testing.assert_array_equal(landmarks[LANDMARK[name]], point)
