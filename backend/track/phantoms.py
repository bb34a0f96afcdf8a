"""Telling people from what the detector sees in furniture and folds of clothes."""

from __future__ import annotations

import numpy as np

from backend.detect.detections import Detections
from backend.detect.pose import trunk_distance_px
from backend.track.association import COMPARED, body_sizes_px
from motion.arrays import Indices

# Median change of a pose about its middle, in sizes of the body, over the square root of the time between. Nothing
# holds a phantom's pose in place: 0.33 to 0.9, with a mean score of 0.53 to 0.56, on 28 clips of sport, dance and work.
# People have 0.02 to 0.2; up to 0.5 has a skateboarder who turns in the air, but with a mean score of 0.73 and more.
MOST_RESTLESS, MOST_RESTLESS_IF_SURE = 0.25, 0.6
SURE_SCORE = 0.7

SHADOW_SIZES = 0.2      # mean distance of two trunks, in sizes of the body: people pass each other nearer than this,
SHADOW_SHARE = 0.5      # but do not stay there for half of the time that they are seen


def is_phantom(detections: Detections, findings: Indices) -> bool:
    """Whether the findings [M] of one track, rising in time, change as no body does."""
    if len(findings) < 3:
        return False
    limbs_px = detections.landmarks_px[findings][:, COMPARED]
    shapes_px = limbs_px - limbs_px.mean(axis=1, keepdims=True)
    changes_px = np.linalg.norm(np.diff(shapes_px, axis=0), axis=-1).mean(axis=-1)
    size_px = np.median(body_sizes_px(detections.landmarks_px[findings], detections.scores[findings]))
    steps_s = np.diff(detections.times_s[detections.picture[findings]])
    is_sure = detections.scores[findings].mean() > SURE_SCORE
    most_restless = MOST_RESTLESS_IF_SURE if is_sure else MOST_RESTLESS
    return bool(np.median(changes_px / np.sqrt(steps_s)) / size_px > most_restless)


def is_shadow(detections: Detections, findings: Indices, other: Indices) -> bool:
    """Whether a track is a second, differing finding of the body of a longer one; findings [M] and [N] of both."""
    _, mine, others = np.intersect1d(detections.picture[findings], detections.picture[other], return_indices=True)
    first_px, second_px = detections.landmarks_px[findings[mine]], detections.landmarks_px[other[others]]
    size_px = body_sizes_px(second_px, detections.scores[other[others]])
    shadowing = trunk_distance_px(first_px, second_px) < SHADOW_SIZES * size_px
    return bool(shadowing.sum() > SHADOW_SHARE * len(findings))
