"""A clip without a film, and a body in the keypoints of every detector."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from backend.detect.other.keypoint_sets import KeypointSet
from backend.video.clip import Clip, VideoSettings
from motion.landmarks import LANDMARK_COUNT

WIDTH_PX, HEIGHT_PX = 640, 360


def a_clip(count: int = 5, first_picture: int = 0, pictures: tuple[str, ...] = (), **settings) -> Clip:
    """A clip of pictures that players show with 640 x 360 px."""
    chosen = VideoSettings(**settings)
    width_px, height_px = (WIDTH_PX, HEIGHT_PX)[:: -1 if chosen.turn_deg % 180 else 1]
    paths = tuple(Path(name) for name in pictures)
    return Clip(
        path=Path("walk.mp4"), pictures=paths, width_px=width_px, height_px=height_px, turn_deg=chosen.turn_deg,
        times_s=np.arange(len(paths) or count) / 25, rate=Fraction(25), constant_rate=True, first_picture=first_picture,
        focal_px=None, sha256="", byte_count=0, settings=chosen, mirror=chosen.mirrored,
    )  # fmt: skip


def landmark_places(seed: int = 0) -> np.ndarray:
    """[33, 3] x, y, score of a body in the picture, each landmark elsewhere."""
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.uniform(100, 500, LANDMARK_COUNT), rng.uniform(50, 300, LANDMARK_COUNT),
                            rng.uniform(0.2, 0.9, LANDMARK_COUNT)]).round(3)  # fmt: skip


def as_keypoints(places: np.ndarray, keypoint_set: KeypointSet) -> np.ndarray:
    """[K, 3], what a detector with this set writes of the body; 1, 1 and score 0.9 where MediaPipe has no landmark."""
    indices = keypoint_set.landmarks(np.repeat(np.arange(len(keypoint_set.keypoints))[:, None], 3, axis=1))[:, 0]
    keypoints = np.tile([1.0, 1.0, 0.9], (len(keypoint_set.keypoints), 1))
    for landmark, keypoint in enumerate(indices):
        if np.isfinite(keypoint):
            keypoints[int(keypoint)] = places[landmark]
    return keypoints
