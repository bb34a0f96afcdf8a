"""What the landmark network says of one person in slightly different crops of the same pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from backend.detect.crop import Crop, Rgb
from backend.detect.detector import Detector, DetectSettings, open_detector
from backend.detect.pose_network import Answer
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from motion.arrays import Array, Mask

SETTINGS = DetectSettings(quality="fast", hands=False)
PAIRS = 4               # of neighbouring pictures, spread over a clip
PIXELS = 256            # of the crop's side, as the network sees it
SHIFT_PX = (4.0, -3.0)  # of those
SCALES = (0.92, 1.1)
LEAST_PRESENCE = 0.5
WAYS = ("mirrored", "shifted", "rescaled")


@dataclass(frozen=True, eq=False)
class Looks:
    """One clip's N pictures in which a person was found; picture 2 k and 2 k + 1 are neighbours if both are there."""

    picture: Array          # [N] of 2 PAIRS
    scores: Array           # [N, 33] the network's own visibility, not calibrated
    inside: Mask            # [N, 33] whether the landmark lies in the picture
    landmarks_camera: Array     # [N, 33, 3] m
    side_px: Array          # [N] of the crop, px of the picture
    off_crop: dict[str, Array]      # by WAYS [N, 33] how far another crop's answer lies away, of the crop's side
    off_m: dict[str, Array]         # by WAYS [N, 33, 3] in metres, axes of the camera


def looks_at(film: Path, detector: Detector | None = None) -> Looks | None:
    """None where nobody is found. Raises Refusal for a film that cannot be read."""
    clip = open_clip(film, VideoSettings())
    detector = detector or open_detector(clip, SETTINGS, "cpu")
    found = []
    for number, rgb in _sampled(clip):
        if (answer := _person(detector, rgb)) is not None:
            found.append((number, rgb, answer, _others(detector, rgb, answer.crop)))
    return _looks(found) if found else None


def sampled_pictures(count: int) -> Array:
    """Which of `count` pictures are looked at [2 PAIRS]; the same one twice in short clips."""
    first = np.round((np.arange(PAIRS) + 0.5) / PAIRS * max(count - 1, 0)).astype(int)
    return np.stack([first, first + 1], axis=1).ravel().clip(0, max(count - 1, 0))


def other_crops(crop: Crop) -> list[Crop]:
    """Shifted, smaller and larger."""
    shift_px = crop.axes @ np.array(SHIFT_PX) * crop.side_px / PIXELS
    middle_px = np.array(crop.middle_px) + shift_px
    return [replace(crop, middle_px=(float(middle_px[0]), float(middle_px[1]))),
            *(replace(crop, side_px=crop.side_px * scale) for scale in SCALES)]  # fmt: skip


def _sampled(clip: Clip) -> Iterator[tuple[int, Rgb]]:
    wanted = sampled_pictures(clip.picture_count)
    for picture in pictures(clip):
        for number in np.flatnonzero(wanted == picture.index):
            yield int(number), picture.rgb
        if picture.index >= wanted[-1]:
            return


def _person(detector: Detector, rgb: Rgb) -> Answer | None:
    """The largest person, looked at as when followed: in the crop of the answer before."""
    candidates = detector.search.look(rgb)
    if not candidates:
        return None
    crop = max((candidate.crop for candidate in candidates), key=lambda crop: crop.side_px)
    for _ in range(2):
        (answer,) = detector.poses.look([(rgb, crop)])
        if answer.presence < LEAST_PRESENCE:
            return None
        crop = answer.next_crop
    (answer,) = detector.poses.look([(rgb, crop)])
    return answer if answer.presence >= LEAST_PRESENCE else None


def _others(detector: Detector, rgb: Rgb, crop: Crop) -> dict[str, list[Answer]]:
    shifted, *rescaled = detector.poses.look([(rgb, other) for other in other_crops(crop)])
    return {"mirrored": detector.poses.look([(rgb, crop)], mirrored=True), "shifted": [shifted], "rescaled": rescaled}


def _looks(found: list[tuple[int, Rgb, Answer, dict[str, list[Answer]]]]) -> Looks:
    numbers, rgbs, answers, others = zip(*found, strict=True)
    px = np.array([answer.pose.landmarks_px for answer in answers])
    sizes_px = np.array([rgb.shape[1::-1] for rgb in rgbs])[:, None]
    camera = np.array([answer.pose.landmarks_camera for answer in answers])
    sides_px = np.array([answer.crop.side_px for answer in answers])
    off_px = {way: _mean_off([each[way] for each in others], "landmarks_px", px) for way in WAYS}
    return Looks(
        picture=np.array(numbers), scores=np.array([answer.pose.scores for answer in answers]),
        inside=((px >= 0) & (px < sizes_px)).all(-1), landmarks_camera=camera, side_px=sides_px,
        off_crop={way: np.linalg.norm(off, axis=-1) / sides_px[:, None] for way, off in off_px.items()},
        off_m={way: _mean_off([each[way] for each in others], "landmarks_camera", camera) for way in WAYS},
    )  # fmt: skip


def _mean_off(answers: list[list[Answer]], what: str, from_what: Array) -> Array:
    """Mean over the answers of how far each coordinate lies away [N, 33, D]."""
    return np.array([np.abs(np.array([getattr(answer.pose, what) for answer in row]) - here).mean(0)
                     for row, here in zip(answers, from_what, strict=True)])  # fmt: skip
