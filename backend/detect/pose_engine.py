"""MediaPipe's pose networks: one follower per person, and a search for people nobody follows yet."""

from __future__ import annotations

from pathlib import Path

import mediapipe as mp
import numpy as np
import numpy.typing as npt
from mediapipe.tasks.python import BaseOptions, vision

from backend.detect.pose import Pose, without_outside

Rgb = npt.NDArray[np.uint8]

# MediaPipe smooths over time with a filter that opens with the time between two pictures. It lags by up to two
# frames, so pictures are handed over as if they were 1000 s apart: the crop still follows the person, nothing is
# smoothed, and the smoothing is left to stages that also see the future.
STEP_MS = 1_000_000

# At MediaPipe's own 0.5 small, turned and dark people are missed for seconds; at 0.2 plants and chairs come in.
MIN_DETECTION_CONFIDENCE = 0.3

SURE_SCORE, SURE_LANDMARKS = 0.5, 5     # of somebody who has left the picture, a few unsure landmarks linger on


class PoseFollower:
    """Follows one person from picture to picture without running the person detector again."""

    def __init__(self, model: Path) -> None:
        self._landmarker = _landmarker(model, vision.RunningMode.VIDEO, 1)
        self._step = 0

    def look(self, rgb: Rgb) -> Pose | None:
        """The person in the next picture; None when lost, and then the next call looks for anybody."""
        self._step += 1
        result = self._landmarker.detect_for_video(_image(rgb), self._step * STEP_MS)
        return next(iter(_poses(result, rgb)), None)

    def forget(self) -> None:
        """Let go of the person."""
        nothing = np.zeros((64, 64, 3), np.uint8)
        while self.look(nothing):
            pass

    def close(self) -> None:
        self._landmarker.close()


class PeopleSearch:
    """Finds up to `most_people` in a single picture."""

    def __init__(self, model: Path, most_people: int) -> None:
        self._landmarker = _landmarker(model, vision.RunningMode.IMAGE, most_people)

    def look(self, rgb: Rgb) -> list[Pose]:
        return _poses(self._landmarker.detect(_image(rgb)), rgb)

    def close(self) -> None:
        self._landmarker.close()


def _landmarker(model: Path, mode: vision.RunningMode, most_people: int) -> vision.PoseLandmarker:
    options = vision.PoseLandmarkerOptions(
        # Handed over as bytes, since paths outside of ASCII do not reach the library on every system.
        base_options=BaseOptions(model_asset_buffer=model.read_bytes()), running_mode=mode, num_poses=most_people,
        min_pose_detection_confidence=MIN_DETECTION_CONFIDENCE,
    )  # fmt: skip
    return vision.PoseLandmarker.create_from_options(options)


def _image(rgb: Rgb) -> mp.Image:
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)


def _poses(result: vision.PoseLandmarkerResult, rgb: Rgb) -> list[Pose]:
    height_px, width_px = rgb.shape[:2]
    poses = []
    for landmarks, world_landmarks in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True):
        landmarks_px = np.array([(p.x * width_px, p.y * height_px) for p in landmarks])
        scores = without_outside(landmarks_px, np.array([p.visibility for p in landmarks]), width_px, height_px)
        if np.sum(scores >= SURE_SCORE) >= SURE_LANDMARKS:
            poses.append(Pose(landmarks_px, scores, np.array([(p.x, p.y, p.z) for p in world_landmarks])))
    return poses
