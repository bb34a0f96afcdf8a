"""Which of MediaPipe's landmarks the keypoints of other detectors are.

Orders from their makers: OpenPose's `poseParameters.cpp` (BODY_25, COCO) and its `openpose_train` (BODY_25B), COCO's
category "person", COCO-WholeBody's `data_format.md`, the Halpe-FullBody read-me, MMPose's `configs/_base_/datasets`.
The 68 points of a face are those of iBUG 300-W. A keypoint that MediaPipe has not (neck, head, small toe) is left out,
and a landmark that a set has not stays missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motion.arrays import Array
from motion.landmarks import LANDMARK, LANDMARK_COUNT

# MediaPipe calls them pinky and index "#1 knuckle" and thumb "#2 knuckle". On 290 hands of real clips its body's pinky
# and thumb lie nearest to points 17 and 2 of its own hand, and the index near 5 and 9.
_HAND = {2: "thumb", 5: "index", 17: "pinky"}
_FACE = {36: "right_eye_outer", 39: "right_eye_inner", 42: "left_eye_inner", 45: "left_eye_outer",
         48: "mouth_right", 54: "mouth_left"}  # fmt: skip
_FACE_COUNT, _HAND_COUNT = 68, 21
SAME_PLACE = 0.05       # of a person's size: farther apart are two different keypoints
_LIKE = {"left_big_toe": "left_foot_index", "right_big_toe": "right_foot_index"}   # both are the tip of the toe

_COCO = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle",
)  # fmt: skip
_FEET = ("left_big_toe", "left_small_toe", "left_heel", "right_big_toe", "right_small_toe", "right_heel")
_OPENPOSE_ARMS = (
    "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
)  # fmt: skip
_OPENPOSE_LEGS = ("right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle")
_OPENPOSE_FACE = ("right_eye", "left_eye", "right_ear", "left_ear")
_HALPE = (
    *_COCO, "head", "neck", "hip", "left_big_toe", "right_big_toe", "left_small_toe", "right_small_toe", "left_heel",
    "right_heel",
)  # fmt: skip


def _face_and_hands() -> tuple[str, ...]:
    hands = (f"{side}_{_HAND.get(n, '')}" for side in ("left", "right") for n in range(_HAND_COUNT))
    return (*(_FACE.get(n, "") for n in range(_FACE_COUNT)), *hands)


@dataclass(frozen=True)
class KeypointSet:
    """The keypoints of one detector, in their order."""

    name: str
    keypoints: tuple[str, ...]   # names; those that are none of MediaPipe's landmarks count for nothing

    def landmarks(self, points: Array) -> Array:
        """[33, 3] from keypoints [K, 3] of x, y and score; all NaN where the set has no such landmark."""
        landmarks = np.full((LANDMARK_COUNT, 3), np.nan)
        for keypoint, point in zip(self.keypoints, points, strict=True):
            landmark = LANDMARK.get(_LIKE.get(keypoint, keypoint))
            if landmark is not None:
                landmarks[landmark] = point
        return landmarks


BODY_25 = KeypointSet("OpenPose BODY_25", (*_OPENPOSE_ARMS, "middle_hip", *_OPENPOSE_LEGS, *_OPENPOSE_FACE, *_FEET))
BODY_25B = KeypointSet("OpenPose BODY_25B", (*_COCO, "upper_neck", "head_top", *_FEET))
SETS = (
    KeypointSet("COCO", _COCO),
    KeypointSet("OpenPose COCO", (*_OPENPOSE_ARMS, *_OPENPOSE_LEGS, *_OPENPOSE_FACE)),
    BODY_25,
    BODY_25B,
    KeypointSet("Halpe 26", _HALPE),
    KeypointSet("COCO-WholeBody", (*_COCO, *_FEET, *_face_and_hands())),
    KeypointSet("Halpe 136", (*_HALPE, *_face_and_hands())),
)
KNOWN_SETS = ", ".join(f"{len(each.keypoints)} ({each.name})" for each in SETS)


def set_of(people: Sequence[Array]) -> KeypointSet | None:
    """The set of these people, each [K, 3] of x, y and score with the same K; None where no set has K keypoints."""
    fitting = [each for each in SETS if people and len(each.keypoints) == len(people[0])]
    if fitting == [BODY_25, BODY_25B]:
        return BODY_25 if _has_middle_of_hips(np.stack(people)) else BODY_25B
    return fitting[0] if fitting else None


def _has_middle_of_hips(points: Array) -> bool:
    """Whether keypoint 8 [N, 25, 3] lies between 9 and 12, as in BODY_25; in BODY_25B they are elbow, wrist and hip."""
    seen = points[np.all(points[:, [8, 9, 12], 2] > 0, axis=1)]
    if not len(seen):
        return True     # OpenPose's own choice
    places_px = np.where(seen[..., 2:] > 0, seen[..., :2], np.nan)
    off_px = np.linalg.norm(places_px[:, 8] - (places_px[:, 9] + places_px[:, 12]) / 2, axis=1)
    size_px = np.nanmax(np.nanmax(places_px, axis=1) - np.nanmin(places_px, axis=1), axis=1)
    return bool(np.median(off_px / np.maximum(size_px, 1.0)) < SAME_PLACE)


def face_landmarks(points: Array) -> dict[str, Array]:
    """Landmarks by name from the points [68 or more, 3] of a face."""
    return {name: points[n] for n, name in _FACE.items()}


def hand_landmarks(points: Array, side: str) -> dict[str, Array]:
    """Landmarks by name from the points [21, 3] of the "left" or "right" hand."""
    return {f"{side}_{name}": points[n] for n, name in _HAND.items()}
