"""Poses in pictures, made up."""

from __future__ import annotations

import numpy as np

from backend.detect.pose import Pose
from tests.backend.track.made_up_people import STANDING


def standing(middle_px: tuple[float, float], height_px: float = 300.0, score: float = 0.9) -> Pose:
    """Somebody facing the camera."""
    landmarks_px = np.array(middle_px) + height_px * STANDING
    return Pose(landmarks_px, np.full(33, score), np.concatenate([1.7 * STANDING, np.zeros((33, 1))], axis=1))


def turned_round(pose: Pose) -> Pose:
    """The same body with left and right exchanged, as detectors mistake a back for a front."""
    order = np.array([0, 4, 5, 6, 1, 2, 3, *(n + 1 if n % 2 else n - 1 for n in range(7, 33))])
    return Pose(pose.landmarks_px[order], pose.scores[order], pose.landmarks_camera[order])
