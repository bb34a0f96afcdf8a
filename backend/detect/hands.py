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
LONGEST_PAUSE = 4               # pictures from one search to the next, while a hand cannot be found


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

    Each hand has its own network and its own crop, in which it hardly moves, so that the costly search for palms is
    seldom needed; a search in vain makes the pause to the next one longer.
    """

    def __init__(self, model: Path) -> None:
        self._landmarkers = [_landmarker(model) for _ in SIDES]
        self._pauses = [1, 1]
        self._due = [0, 0]
        self._step = 0

    def look(self, rgb: Rgb, pose: Pose) -> Hands:
        """The hands of `pose` in `rgb`; nothing where they are hidden, outside or too small."""
        self._step += 1
        hands = no_hands()
        for side, landmarker in enumerate(self._landmarkers):
            if self._step < self._due[side] or (crop := _crop(pose, side)) is None:
                continue
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=_cut_out(rgb, crop))
            found = _take_hand(landmarker.detect_for_video(image, self._step * STEP_MS), crop, hands)
            self._pauses[side] = 1 if found else min(2 * self._pauses[side], LONGEST_PAUSE)
            self._due[side] = self._step + self._pauses[side]
        return hands

    def close(self) -> None:
        for landmarker in self._landmarkers:
            landmarker.close()


def _landmarker(model: Path) -> vision.HandLandmarker:
    options = vision.HandLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=model.read_bytes()), running_mode=vision.RunningMode.VIDEO,
        num_hands=1, min_hand_detection_confidence=MIN_CONFIDENCE, min_hand_presence_confidence=MIN_CONFIDENCE,
        min_tracking_confidence=MIN_CONFIDENCE,
    )  # fmt: skip
    return vision.HandLandmarker.create_from_options(options)


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


def _cut_out(rgb: Rgb, crop: _Crop) -> Rgb:
    scale = CROP_PX / (2 * crop.half_px)
    corner = CROP_PX / 2 - scale * crop.middle_px
    crop_from_picture = np.array([[scale, 0, corner[0]], [0, scale, corner[1]]])
    return cv2.warpAffine(rgb, crop_from_picture, (CROP_PX, CROP_PX))


def _take_hand(result: vision.HandLandmarkerResult, crop: _Crop, hands: Hands) -> bool:
    """Put the hand of a crop into `hands`; False where there is none that begins at the body's wrist."""
    if not result.hand_landmarks:
        return False
    shares = np.array([(p.x, p.y) for p in result.hand_landmarks[0]])
    landmarks_px = crop.middle_px + (2 * shares - 1) * crop.half_px
    if np.linalg.norm(landmarks_px[0] - crop.wrist_px) >= FARTHEST_WRIST * crop.half_px:
        return False
    hands.landmarks_px[crop.side] = landmarks_px
    hands.landmarks_camera[crop.side] = [(p.x, p.y, p.z) for p in result.hand_world_landmarks[0]]
    hands.scores[crop.side] = result.handedness[0][0].score
    return True
