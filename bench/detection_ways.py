"""Ways to find people in a film: MediaPipe's own and ours, with the same answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, PoseLandmarkerResult, RunningMode

from backend.detect.find_people import DetectSettings, find_people
from backend.detect.models.model_files import find_model
from backend.progress import silent
from backend.track.follow import TrackSettings, follow
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import Picture, pictures
from motion.arrays import Array, Indices, Mask

WARM_S = 0.2    # of the film are looked at before the clock starts


@dataclass(frozen=True, eq=False)
class Seen:
    """What one way found in a film of T pictures: P people, NaN where one is not seen."""

    landmarks_px: Array        # [P, T, 33, 2]
    landmarks_camera: Array    # [P, T, 33, 3] m
    has_identities: bool       # a row is the same person throughout
    width_px: int
    height_px: int
    rate: float

    @property
    def found(self) -> Mask:   # [P, T]
        return np.isfinite(self.landmarks_px[:, :, 0, 0])

    def in_picture(self, picture: int) -> Indices:
        """The rows that are seen in it."""
        return np.flatnonzero(self.found[:, picture])


Way = Callable[[Clip, int], Seen]


def warm_seconds(way: Way, film: Path, people: int) -> tuple[Seen, float]:
    """What `way` sees, and its seconds with decoding and loading of networks, in a process that has done it before."""
    way(open_clip(film, VideoSettings(out_s=WARM_S)), people)
    clip = open_clip(film, VideoSettings())
    began_s = time.perf_counter()
    seen = way(clip, people)
    return seen, time.perf_counter() - began_s


def by_mediapipe_video(clip: Clip, people: int) -> Seen:
    """Video mode, told the true times."""
    with _landmarker(RunningMode.VIDEO, people) as landmarker:
        return _seen(clip, people, (
            (picture, landmarker.detect_for_video(_image(picture), round(1000 * picture.time_s)))
            for picture in pictures(clip)))  # fmt: skip


def by_mediapipe_image(clip: Clip, people: int) -> Seen:
    """Image mode: every picture as if it were the only one."""
    with _landmarker(RunningMode.IMAGE, people) as landmarker:
        return _seen(clip, people, ((picture, landmarker.detect(_image(picture))) for picture in pictures(clip)))


def by_us(settings: DetectSettings) -> Way:
    """Our detection and tracking, which are not told how many people there are."""
    def way(clip: Clip, people: int) -> Seen:
        tracks = follow(find_people(clip, settings, silent), clip, TrackSettings())
        blank = (0, clip.picture_count, 33)
        return Seen(
            landmarks_px=np.array([track.landmarks_px for track in tracks]).reshape(-1, *blank[1:], 2),
            landmarks_camera=np.array([track.landmarks_camera for track in tracks]).reshape(-1, *blank[1:], 3),
            has_identities=True, width_px=clip.width_px, height_px=clip.height_px, rate=float(clip.rate),
        )  # fmt: skip

    return way


_BODY_ONLY = DetectSettings(hands=False)
WAYS: dict[str, Way] = {
    "mediapipe_video": by_mediapipe_video,
    "mediapipe_image": by_mediapipe_image,
    "best": by_us(replace(_BODY_ONLY, quality="best")),
    "fast": by_us(replace(_BODY_ONLY, quality="fast")),
}
WAYS_WITH_HANDS: dict[str, Way] = {
    quality: by_us(DetectSettings(quality=quality, hands=True)) for quality in ("best", "fast")
}


def _landmarker(mode: RunningMode, people: int) -> PoseLandmarker:
    options = PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(find_model("heavy"))), running_mode=mode, num_poses=people
    )
    return PoseLandmarker.create_from_options(options)


def _image(picture: Picture) -> mediapipe.Image:
    return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=picture.rgb)


def _seen(clip: Clip, people: int, results: Iterator[tuple[Picture, PoseLandmarkerResult]]) -> Seen:
    landmarks_px = np.full((people, clip.picture_count, 33, 2), np.nan)
    landmarks_camera = np.full((people, clip.picture_count, 33, 3), np.nan)
    size_px = np.array([clip.width_px, clip.height_px])
    for picture, result in results:
        both = zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
        for person, (landmarks, world_landmarks) in enumerate(both):
            landmarks_px[person, picture.index] = size_px * [(p.x, p.y) for p in landmarks]
            landmarks_camera[person, picture.index] = [(p.x, p.y, p.z) for p in world_landmarks]
    return Seen(landmarks_px, landmarks_camera, False, clip.width_px, clip.height_px, float(clip.rate))
