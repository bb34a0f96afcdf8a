"""How the camera of each shot moved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from backend.cameras.camera_path import CameraPath, standing_camera
from backend.cameras.focal import CameraSettings
from backend.detect.detections import Detections
from backend.progress import Report
from backend.track.tracks import Track
from backend.video.clip import Clip
from motion.arrays import Array


def find_camera_paths(
    clip: Clip, detections: Detections, tracks: list[Track], K: Array, settings: CameraSettings, report: Report
) -> Mapping[int, CameraPath]:
    """By shot, over the pictures of the shot (clip.times_s). `tracks` tell where the pictures show people."""
    return {int(shot): standing_camera(clip.times_s[: len(detections.shot)][detections.shot == shot])
            for shot in np.unique(detections.shot)}  # fmt: skip
