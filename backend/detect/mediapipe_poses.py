"""MediaPipe's own landmarker in place of its network run directly: the reference that the others are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from backend.detect.crop import Crop, Rgb, applied, body_crop, cut_out
from backend.detect.pose import Pose, without_outside
from backend.detect.pose_network import MIRRORED, Answer
from motion.landmarks import LANDMARK

PIECE_PX = 512              # of the picture that it is shown,
PIECE_GROWTH = 1.5          # around the crop: its person detector wants some room
RIM_OF_REACH = 1.06         # the circle's radius over the farthest landmark's distance from the hips


class MediaPipePoses:
    """Looks at pieces of pictures in MediaPipe's image mode, which finds the person in each piece again."""

    def __init__(self, model: Path) -> None:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model.read_bytes()), running_mode=vision.RunningMode.IMAGE
        )
        self._landmarker = vision.PoseLandmarker.create_from_options(options)

    def look(self, pieces: Sequence[tuple[Rgb, Crop]], mirrored: bool = False, masks: bool = False) -> list[Answer]:
        """One answer for each piece; it tells no masks."""
        return [self._answer(rgb, crop, mirrored) for rgb, crop in pieces]

    def _answer(self, rgb: Rgb, crop: Crop, mirrored: bool) -> Answer:
        piece = replace(crop, side_px=PIECE_GROWTH * crop.side_px)
        seen = (255 * cut_out(rgb, piece, PIECE_PX, mirrored)).astype(np.uint8)
        result = self._landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=seen))
        if not result.pose_landmarks:
            nobody = Pose(np.tile(crop.middle_px, (33, 1)), np.zeros(33), np.zeros((33, 3)))
            return Answer(nobody, 0.0, crop, crop, None)
        places = PIECE_PX * np.array([(p.x, p.y) for p in result.pose_landmarks[0]])
        scores = np.array([p.visibility for p in result.pose_landmarks[0]])
        metres = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[0]])
        if mirrored:
            places, scores, metres = places[MIRRORED], scores[MIRRORED], metres[MIRRORED] * [-1, 1, 1]
            places[:, 0] = PIECE_PX - places[:, 0]
        landmarks_px = applied(piece.picture_from_crop(PIECE_PX), places)
        metres[:, :2] = metres[:, :2] @ crop.axes.T
        height_px, width_px = rgb.shape[:2]
        pose = Pose(landmarks_px, without_outside(landmarks_px, scores, width_px, height_px), metres)
        return Answer(pose, 1.0, crop, _crop_about(landmarks_px), None)


def _crop_about(landmarks_px: np.ndarray) -> Crop:
    """The body's crop, without the two points that only the network tells."""
    hips_px, shoulders_px = (landmarks_px[[LANDMARK[f"left_{part}"], LANDMARK[f"right_{part}"]]].mean(axis=0)
                             for part in ("hip", "shoulder"))  # fmt: skip
    up = (shoulders_px - hips_px) / max(float(np.linalg.norm(shoulders_px - hips_px)), 1e-9)
    reach_px = float(np.linalg.norm(landmarks_px - hips_px, axis=-1).max())
    return body_crop(hips_px, hips_px + RIM_OF_REACH * reach_px * up)
