"""`python -m bench.mediapipe_alone FILM`: MediaPipe's own heavy landmarker, video mode, one person, seconds as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import mediapipe
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

from backend.detect.models.model_files import find_model
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures


def main(film: Path) -> None:
    """Decoding included, as a user of MediaPipe would run it."""
    options = PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(find_model("heavy"))), running_mode=RunningMode.VIDEO, num_poses=1
    )
    clip = open_clip(film, VideoSettings())
    with PoseLandmarker.create_from_options(options) as landmarker:
        began_s = time.perf_counter()
        for picture in pictures(clip):
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=picture.rgb)
            landmarker.detect_for_video(image, round(1000 * picture.time_s))
        print(json.dumps({"seconds": time.perf_counter() - began_s}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
