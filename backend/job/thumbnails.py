"""A small picture of each person, by which an artist knows who is who."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from backend.track.tracks import Track
from backend.video.clip import Clip
from backend.video.pictures import pictures
from backend.video.tone_map import Rgb
from motion.arrays import Array
from motion.landmarks import LANDMARK

SIDE_PX = 192
ROOM = 1.35             # side of the cut over the size of the half-length figure: hair and shoulders lie outside of it
FACING_M = 0.10         # how far the nose lies before the ears of a head that looks into the camera
NEAR_S = 8.0            # films often have a key frame every 250 pictures: to decode on is as quick as to jump

_HALF_LENGTH = [*range(15), LANDMARK["left_hip"], LANDMARK["right_hip"]]   # head to elbows, and hips
_EARS, _SHOULDERS, _HIPS = ([LANDMARK[f"{side}_{part}"] for side in ("left", "right")]
                            for part in ("ear", "shoulder", "hip"))  # fmt: skip


def thumbnails_png(clip: Clip, tracks: Sequence[Track]) -> list[bytes]:
    """A square picture of each person in the moment in which they are seen best.

    Empty where it cannot be decoded, and for somebody who is never seen.
    """
    size_px = (clip.width_px, clip.height_px)
    moments = [best_moment(track, _beside(track, tracks), size_px) for track in tracks]
    indices = [_nearest(clip, track.times_s[moment]) for track, moment in zip(tracks, moments, strict=True)]
    made = [b""] * len(tracks)
    for index, rgb in _pictures_at(clip, sorted(set(indices))):
        for n in (n for n, wanted in enumerate(indices) if wanted == index):
            figure_px = _half_length_px(tracks[n])[moments[n]]
            if np.isfinite(figure_px).all():
                made[n] = bytes(cv2.imencode(".png", _cut_out(rgb, figure_px)[:, :, ::-1])[1])
    return made


def _beside(track: Track, tracks: Sequence[Track]) -> list[Track]:
    """The others of the same shot, who have the same frames."""
    return [other for other in tracks if other is not track and other.shot == track.shot]


def best_moment(track: Track, others: Sequence[Track], size_px: tuple[int, int]) -> int:
    """Index of the frame in which a person is sure, large, in the picture, upright, facing it, and nobody's cover."""
    if not track.seen.any():
        return 0
    figure_px = _half_length_px(track)
    low, high = figure_px.min(axis=1), figure_px.max(axis=1)
    side_px = np.max(high - low, axis=-1)
    covered = max((_covered_share(low, high, other) for other in others), key=np.nansum, default=np.zeros(len(low)))
    worth = (
        track.scores[:, _HALF_LENGTH].mean(axis=1) * np.sqrt(side_px / np.nanmax(side_px))
        * np.all((figure_px >= 0.0) & (figure_px <= size_px), axis=-1).mean(axis=1)
        * (0.5 + 0.5 * _facing(track)) * (0.5 + 0.5 * _upright(track)) * (1.0 - 0.8 * covered)
    )  # fmt: skip
    return int(np.argmax(np.where(track.seen & np.isfinite(worth), worth, -1.0)))


def seen_from_to_s(track: Track) -> tuple[float, float]:
    """When a person is seen first and last, seconds of the take; 0, 0 for nobody."""
    seen_s = track.times_s[track.seen]
    return (float(seen_s[0]), float(seen_s[-1])) if len(seen_s) else (0.0, 0.0)


def _half_length_px(track: Track) -> Array:
    return track.landmarks_px[:, _HALF_LENGTH]


def _facing(track: Track) -> Array:
    """[T] 1 where the person looks into the camera, 0 from the side and from behind."""
    before_ears_m = track.landmarks_camera[:, _EARS, 2].mean(axis=1) - track.landmarks_camera[:, LANDMARK["nose"], 2]
    return np.clip(before_ears_m / FACING_M, 0.0, 1.0)


def _upright(track: Track) -> Array:
    """[T] 1 for a trunk that stands in the picture, 0 for one that lies or hangs."""
    trunk_px = track.landmarks_px[:, _HIPS].mean(axis=1) - track.landmarks_px[:, _SHOULDERS].mean(axis=1)
    return np.clip(trunk_px[:, 1] / np.maximum(np.linalg.norm(trunk_px, axis=1), 1e-6), 0.0, 1.0)


def _covered_share(low_px: Array, high_px: Array, other: Track) -> Array:
    """[T] the share of the box of a person, from `low_px` to `high_px` [T, 2], that another's box covers."""
    other_low, other_high = other.landmarks_px.min(axis=1), other.landmarks_px.max(axis=1)
    common_px = np.clip(np.minimum(high_px, other_high) - np.maximum(low_px, other_low), 0.0, None)
    share = np.prod(common_px, axis=1) / np.maximum(np.prod(high_px - low_px, axis=1), 1e-6)
    return np.nan_to_num(share)


def _nearest(clip: Clip, time_s: float) -> int:
    return int(np.argmin(np.abs(clip.times_s - time_s)))


def _pictures_at(clip: Clip, indices: list[int]) -> Iterator[tuple[int, Rgb]]:
    """Some pictures of a clip, `indices` rising; decoded from the key frame before each group of them."""
    if not indices:
        return
    groups = np.split(indices, 1 + np.flatnonzero(np.diff(clip.times_s[indices]) * clip.slowness > NEAR_S))
    for group in groups:
        first_s = float(clip.times_s[group[0]])
        some = replace(
            clip, times_s=clip.times_s[group] - first_s, start_s=clip.start_s + first_s * clip.slowness,
            pictures=tuple(clip.pictures[index] for index in group) if clip.pictures else (),
        )  # fmt: skip
        yield from ((int(group[picture.index]), picture.rgb) for picture in pictures(some))


def _cut_out(rgb: Rgb, figure_px: Array) -> Rgb:
    """The square about the points [L, 2], moved into the picture where it stands over."""
    size_px = np.array(rgb.shape[1::-1])
    low, high = figure_px.min(axis=0), figure_px.max(axis=0)
    side_px = int(np.clip(ROOM * np.max(high - low), 8, size_px.min()))
    x, y = np.clip((low + high - side_px) / 2, 0, size_px - side_px).astype(int)
    return cv2.resize(rgb[y : y + side_px, x : x + side_px], (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
