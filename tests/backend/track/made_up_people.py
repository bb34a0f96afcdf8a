"""People who walk through the picture, as a detector would tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from backend.detect.appearance import PARTS
from backend.detect.detections import Detections
from backend.video.clip import Clip, VideoSettings
from motion.arrays import Array, Indices
from motion.landmarks import LANDMARK_NAMES

# Across and up, in heights of the body about the middle of the hips; the left side is the mirror image of the right.
RIGHT_SIDE = {
    "nose": (0, 0.40), "eye_inner": (-0.01, 0.42), "eye": (-0.02, 0.42), "eye_outer": (-0.03, 0.42),
    "ear": (-0.04, 0.41), "mouth": (-0.01, 0.38), "shoulder": (-0.11, 0.29), "elbow": (-0.15, 0.12),
    "wrist": (-0.16, -0.02), "pinky": (-0.17, -0.07), "index": (-0.16, -0.07), "thumb": (-0.15, -0.05),
    "hip": (-0.06, 0.0), "knee": (-0.07, -0.24), "ankle": (-0.07, -0.46), "heel": (-0.06, -0.48),
    "foot_index": (-0.09, -0.50),
}  # fmt: skip


def _place(name: str) -> tuple[float, float]:
    across, up = RIGHT_SIDE[name.replace("left_", "").replace("right_", "").replace("_left", "").replace("_right", "")]
    return (-across if "left" in name else across), -up


STANDING = np.array([_place(name) for name in LANDMARK_NAMES])      # [33, 2], y down as in pictures


@dataclass(frozen=True, eq=False)
class Walker:
    """Somebody whose hips go along `middle_px` [F, 2]; not found where that is NaN."""

    middle_px: Array
    height_px: float = 400.0
    score: float = 0.9
    clothes: tuple[float, ...] = (np.nan, np.nan, np.nan)    # CIELAB all over

    def landmarks_px(self, picture: int) -> Array:
        swing = 0.05 * np.sin(picture / 5 + np.arange(33))[:, None] * [1, 0.3]
        return self.middle_px[picture] + self.height_px * (STANDING + swing)


def walking(start_px: tuple[float, float], end_px: tuple[float, float], count: int) -> Array:
    return np.linspace(start_px, end_px, count)


def unseen(middle_px: Array, first: int, last: int) -> Array:
    gone = middle_px.copy()
    gone[first:last] = np.nan
    return gone


def clip_at(times_s: Array, rate: Fraction, constant_rate: bool = True) -> Clip:
    return Clip(Path("walk.mp4"), (), 1920, 1080, 0, times_s, rate, constant_rate, 0, None, "", 0, VideoSettings())


def even_clip(count: int, rate: Fraction = Fraction(30)) -> Clip:
    return clip_at(np.arange(count) / float(rate), rate)


def found(walkers: Sequence[Walker], times_s: Array, rng: np.random.Generator | None = None,
          followings: Sequence[Sequence[int]] = ()) -> Detections:  # fmt: skip
    """What a detector says: pixel noise and any order within a picture when `rng` is given.

    Each of `followings` is a tracklet: the number of the walker who is found in each picture, -1 for nobody. Without
    any, every finding of every walker is a tracklet of its own.
    """
    everybody = [np.full(len(times_s), n) for n in range(len(walkers))]
    whom = np.array(followings or everybody, np.int64).reshape(-1, len(times_s))
    seen = [(k, m) for k in range(len(times_s)) for m in _order(len(whom), rng)
            if whom[m, k] >= 0 and np.isfinite(walkers[whom[m, k]].middle_px[k, 0])]  # fmt: skip
    people = [walkers[whom[m, k]] for k, m in seen]
    landmarks = [walker.landmarks_px(k) for (k, _), walker in zip(seen, people, strict=True)]
    count = len(seen)
    clothes = np.array([walker.clothes for walker in people]).reshape(-1, 3)[:, [0, 0, 1, 2] * len(PARTS)]
    # The number of the walker travels along as the distance of every landmark, so that a test can ask who it was.
    return Detections(
        times_s=times_s, shot=np.zeros(len(times_s)), picture=np.array([k for k, _ in seen], np.int64),
        tracklet=np.array([m for _, m in seen], np.int64) if followings else np.arange(count),
        doubts_px=np.full((count, 33), np.nan), colours=clothes + (rng.normal(0, 4, clothes.shape) if rng else 0),
        crops=np.zeros((count, 4)), masks=np.zeros((count, 64, 8)),
        landmarks_px=np.array(landmarks).reshape(-1, 33, 2) + (rng.normal(0, 2, (count, 33, 2)) if rng else 0),
        scores=np.array([np.full(33, walker.score) for walker in people]).reshape(-1, 33),
        landmarks_camera=np.array([np.full((33, 3), whom[m, k]) for k, m in seen]).reshape(-1, 33, 3),
        hands_px=np.full((count, 2, 21, 2), np.nan), hands_camera=np.full((count, 2, 21, 3), np.nan),
        hand_scores=np.zeros((count, 2)), detector="made up",
    )  # fmt: skip


def _order(count: int, rng: np.random.Generator | None) -> Indices:
    return rng.permutation(count) if rng else np.arange(count)


def who(track_landmarks_camera: Array) -> set[int]:
    """The numbers of the walkers that a track is made of."""
    return {int(number) for number in np.unique(track_landmarks_camera[np.isfinite(track_landmarks_camera)])}
