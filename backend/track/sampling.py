"""People sampled at even times."""

from __future__ import annotations

import numpy as np

from backend.detect.detections import Detections
from backend.track.tracks import Track
from backend.video.clip import Clip
from motion.arrays import Array, Indices, Mask

SAME_TIME_S = 1e-6
NEAR_STEPS = 3.0        # steps of the even times: between pictures farther apart too much happens to draw a line
NEAR_S = 0.1            # but pictures that near are always joined


def track_of(detections: Detections, findings: Indices) -> Track:
    """The person to whom the `findings` [M] belong, at the times of the pictures."""
    count = len(detections.times_s)
    pictures = detections.picture[findings]

    def placed(values: Array, missing: float) -> Array:
        array = np.full((count, *values.shape[1:]), missing)
        array[pictures] = values[findings]
        return array

    return Track(
        times_s=detections.times_s, seen=np.isin(np.arange(count), pictures),
        landmarks_px=placed(detections.landmarks_px, np.nan), scores=placed(detections.scores, 0.0),
        doubts_px=placed(detections.doubts_px, np.nan),
        landmarks_camera=placed(detections.landmarks_camera, np.nan), hands_px=placed(detections.hands_px, np.nan),
        hands_camera=placed(detections.hands_camera, np.nan), hand_scores=placed(detections.hand_scores, 0.0),
    )  # fmt: skip


def even_times_s(clip: Clip) -> Array:
    """The times k / clip.rate that the clip's pictures cover, [T] s."""
    if clip.constant_rate:
        count = clip.picture_count
    else:
        count = int(np.floor(float(clip.times_s[-1] * clip.rate) + 1e-3)) + 1
    return np.arange(count) / float(clip.rate)


def sampled(track: Track, times_s: Array, rate: float) -> Track:
    """`track` at `times_s` [T], which are 1 / rate apart.

    Between two neighbouring pictures that both show the person: a straight line. Elsewhere: not seen.
    """
    before, after, share, seen = _neighbours(track, times_s, rate)

    def at(values: Array, missing: float) -> Array:
        weight = share.reshape(-1, *[1] * (values.ndim - 1))
        mixed = np.where(weight > 0, (1 - weight) * values[before] + weight * values[after], values[before])
        return np.where(seen.reshape(weight.shape), mixed, missing)

    hands_px = at(track.hands_px, np.nan)
    hand_is_there = np.isfinite(hands_px).all(axis=(-2, -1))
    return Track(
        times_s=times_s, seen=seen, number=track.number, shot=track.shot,
        landmarks_px=at(track.landmarks_px, np.nan), scores=at(track.scores, 0.0),
        doubts_px=at(track.doubts_px, np.nan),
        landmarks_camera=at(track.landmarks_camera, np.nan), hands_px=hands_px,
        hands_camera=at(track.hands_camera, np.nan),
        hand_scores=np.where(hand_is_there, at(track.hand_scores, 0.0), 0.0),
    )  # fmt: skip


def within_shot(track: Track, detections: Detections) -> Track:
    """`track`, which has the even times of the whole clip, at those of its own shot alone."""
    pictures = np.searchsorted(detections.times_s, track.times_s + SAME_TIME_S, side="right") - 1
    return track.during(detections.shot[pictures] == track.shot)


def _neighbours(track: Track, times_s: Array, rate: float) -> tuple[Indices, Indices, Array, Mask]:
    """For each time [T]: picture before and after it, the share 0..1 of the latter, and whether the person is seen."""
    last = len(track.times_s) - 1
    before = np.clip(np.searchsorted(track.times_s, times_s + SAME_TIME_S, side="right") - 1, 0, last)
    after = np.minimum(before + 1, last)
    into_s, between_s = times_s - track.times_s[before], track.times_s[after] - track.times_s[before]
    exact = np.abs(into_s) <= SAME_TIME_S
    near = track.seen[after] & (into_s >= 0) & (into_s <= between_s) & (between_s <= max(NEAR_S, NEAR_STEPS / rate))
    share = np.where(near & ~exact, into_s / np.maximum(between_s, SAME_TIME_S), 0.0)
    return before, after, share, track.seen[before] & (exact | near)
