"""People sampled at even times."""

from __future__ import annotations

import numpy as np

from backend.detect.detections import Detections
from backend.track.tracks import Track
from backend.video.clip import Clip
from motion.arrays import Array, Indices

SAME_TIME_S = 1e-6
NEAR_PICTURES = 3.0     # of the clip's rate: pictures farther apart have too much between them to draw a line
NEAR_S = 0.1            # but that far apart is always near


def even_times_s(clip: Clip) -> Array:
    """The times k / clip.rate that the clip's pictures cover, [T] s."""
    if clip.constant_rate:
        count = clip.picture_count
    else:
        count = int(np.floor(float(clip.times_s[-1] * clip.rate) + 1e-3)) + 1
    return np.arange(count) / float(clip.rate)


def sampled(detections: Detections, findings: Indices, times_s: Array, rate: float) -> Track:
    """One person, whose findings [M] rise in time, at `times_s` [T].

    Between two neighbouring pictures that both show the person: a straight line. Elsewhere: not seen.
    """
    before, after, share, seen = _neighbours(detections, findings, times_s, rate)

    def at(values: Array) -> Array:
        weight = share.reshape(-1, *[1] * (values.ndim - 1))
        mixed = np.where(weight > 0, (1 - weight) * values[before] + weight * values[after], values[before])
        return np.where(seen.reshape(weight.shape), mixed, np.nan)

    hands_px, hands_camera = at(detections.hands_px), at(detections.hands_camera)
    hand_is_there = np.isfinite(hands_px).all(axis=(-2, -1))
    return Track(
        times_s=times_s, seen=seen, landmarks_px=at(detections.landmarks_px),
        scores=np.nan_to_num(at(detections.scores)), landmarks_camera=at(detections.landmarks_camera),
        hands_px=hands_px, hands_camera=hands_camera,
        hand_scores=np.where(hand_is_there, np.nan_to_num(at(detections.hand_scores)), 0.0),
    )  # fmt: skip


def _neighbours(detections: Detections, findings: Indices, times_s: Array,
                rate: float) -> tuple[Indices, Indices, Array, Array]:  # fmt: skip
    """For each time: the finding before and after it, the share of the latter [T] 0..1, and whether both are near."""
    found_s = detections.times_s[detections.picture[findings]]
    first = np.clip(np.searchsorted(found_s, times_s + SAME_TIME_S, side="right") - 1, 0, len(findings) - 1)
    second = np.minimum(first + 1, len(findings) - 1)
    into_s, between_s = times_s - found_s[first], found_s[second] - found_s[first]
    exact = np.abs(into_s) <= SAME_TIME_S
    adjacent = np.diff(detections.picture[findings], append=-1)[first] == 1
    near = adjacent & (into_s >= 0) & (between_s <= max(NEAR_S, NEAR_PICTURES / rate))
    share = np.where(near & ~exact, into_s / np.maximum(between_s, SAME_TIME_S), 0.0)
    return findings[first], findings[second], np.clip(share, 0, 1), exact | near
