"""The installed models' networks, and what they are made to look at."""

from __future__ import annotations

from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from backend.detect.crop import Crop, cut_out
from backend.detect.models.task_bundle import network_in
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from motion.places import models_folder

SAMPLE = Path(__file__).parents[4] / "assets/sample/sample.mp4"
DANCER = Crop((322.0, 612.0), 720.0, 0.1)       # about where the sample's person is
POSE_MODELS = ("lite", "full", "heavy")
MASK = 2


def installed(model: str, member: str) -> bytes:
    """A network of an installed model; skips the test where there is none."""
    path = models_folder() / f"{model}.task"
    if not path.is_file():
        pytest.skip(f"{model} is not installed")
    return network_in(path, f"{member}.tflite")


def pose_landmarks(quality: str) -> bytes:
    return installed(f"pose_landmarker_{quality}", "pose_landmarks_detector")


@cache
def dancer(count: int, size: int = 256) -> np.ndarray:
    """[count, size, size, 3], the sample's person in its first pictures."""
    clip = open_clip(SAMPLE, VideoSettings(out_s=2.0))
    return np.array([cut_out(picture.rgb, DANCER, size) for picture in islice(pictures(clip), count)])
