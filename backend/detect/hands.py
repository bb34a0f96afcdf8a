"""Fingers of a person whose pose is known: MediaPipe's hand networks on two crops about the hands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from backend.detect.pose import OUTSIDE_SCORE, Pose
from backend.detect.pose_engine import STEP_MS, Rgb
from motion.arrays import Array
from motion.landmarks import HAND_LANDMARK_COUNT, LANDMARK

SIDES = ("left", "right")
CROP_PX = 224
SMALLEST_FOREARM_PX = 60.0      # below, fingers are a few blurred pixels: seen on the test clips
FOREARM_OF_TRUNK = 0.5          # a forearm that points at the camera looks short, the trunk seldom does
CROP_OF_FOREARM = 0.6           # half a crop's side
PALM_TO_KNUCKLES = 1.2          # from the wrist, the crop's middle lies a little beyond the knuckles
FARTHEST_WRIST = 0.5            # of half a crop's side: the hand's wrist lies this near to the body's, or it is not it
MIN_CONFIDENCE = 0.3


@dataclass(frozen=True, eq=False)
class Hands:
    """Left and right hand of one person in one picture; NaN and score 0 where not found."""

    landmarks_px: Array       # [2, 21, 2]
    landmarks_camera: Array   # [2, 21, 3] m about the hand's middle, axes of the camera
    scores: Array             # [2]


@dataclass(frozen=True)
class _Crop:
    side: int
    middle_px: Array    # [2]
    half_px: float
    wrist_px: Array     # [2]


class HandFollower:
    """Follows the hands of one person from picture to picture.

    Both crops lie side by side in one picture, so that the network follows two hands that hardly move in it and
    seldom has to search; which half a hand is found in says whose it is.
    """

    def __init__(self, model: Path) -> None:
        options = vision.HandLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model.read_bytes()), running_mode=vision.RunningMode.VIDEO,
            num_hands=2, min_hand_detection_confidence=MIN_CONFIDENCE, min_hand_presence_confidence=MIN_CONFIDENCE,
            min_tracking_confidence=MIN_CONFIDENCE,
        )  # fmt: skip
        self._landmarker = vision.HandLandmarker.create_from_options(options)
        self._step = 0

    def look(self, rgb: Rgb, pose: Pose) -> Hands:
        """The hands of `pose` in `rgb`; nothing where they are hidden, outside or too small."""
        crops = [crop for side in range(2) if (crop := _crop(pose, side))]
        if not crops:
            return no_hands()
        self._step += 1
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=_side_by_side(rgb, crops))
        return _hands(self._landmarker.detect_for_video(image, self._step * STEP_MS), crops)

    def close(self) -> None:
        self._landmarker.close()


def no_hands() -> Hands:
    shape = (2, HAND_LANDMARK_COUNT)
    return Hands(np.full((*shape, 2), np.nan), np.full((*shape, 3), np.nan), np.zeros(2))


def _crop(pose: Pose, side: int) -> _Crop | None:
    shoulders, hips = ([LANDMARK[f"{name}_{part}"] for name in SIDES] for part in ("shoulder", "hip"))
    elbow, wrist, pinky, index = (LANDMARK[f"{SIDES[side]}_{part}"] for part in ("elbow", "wrist", "pinky", "index"))
    places = pose.landmarks_px
    trunk_px = np.linalg.norm(places[shoulders].mean(axis=0) - places[hips].mean(axis=0))
    forearm_px = max(FOREARM_OF_TRUNK * trunk_px, np.linalg.norm(places[wrist] - places[elbow]))
    if forearm_px < SMALLEST_FOREARM_PX or pose.scores[[wrist, pinky, index]].min() <= OUTSIDE_SCORE:
        return None
    knuckles_px = places[[pinky, index]].mean(axis=0)
    middle_px = places[wrist] + PALM_TO_KNUCKLES * (knuckles_px - places[wrist])
    return _Crop(side, middle_px, CROP_OF_FOREARM * forearm_px, places[wrist])


def _side_by_side(rgb: Rgb, crops: list[_Crop]) -> Rgb:
    picture = np.zeros((CROP_PX, 2 * CROP_PX, 3), np.uint8)
    for crop in crops:
        scale = CROP_PX / (2 * crop.half_px)
        corner = CROP_PX / 2 - scale * crop.middle_px
        crop_from_picture = np.array([[scale, 0, corner[0]], [0, scale, corner[1]]])
        left = crop.side * CROP_PX
        picture[:, left : left + CROP_PX] = cv2.warpAffine(rgb, crop_from_picture, (CROP_PX, CROP_PX))
    return picture


def _hands(result: vision.HandLandmarkerResult, crops: list[_Crop]) -> Hands:
    hands = no_hands()
    found = zip(result.hand_landmarks, result.hand_world_landmarks, result.handedness, strict=True)
    for landmarks, world_landmarks, kinds in found:
        halves = np.array([(2 * p.x, p.y) for p in landmarks])      # sides of a crop, the second one from x = 1 on
        crop = next((c for c in crops if c.side == int(halves[:, 0].mean() >= 1)), None)
        if crop is None:
            continue
        landmarks_px = crop.middle_px + (halves - [crop.side + 0.5, 0.5]) * 2 * crop.half_px
        near = np.linalg.norm(landmarks_px[0] - crop.wrist_px) < FARTHEST_WRIST * crop.half_px
        if near and kinds[0].score > hands.scores[crop.side]:
            hands.landmarks_px[crop.side] = landmarks_px
            hands.landmarks_camera[crop.side] = [(p.x, p.y, p.z) for p in world_landmarks]
            hands.scores[crop.side] = kinds[0].score
    return hands
