"""Telling people from what the detector sees in furniture and folds of clothes."""

from __future__ import annotations

import numpy as np

from backend.detect.detections import Detections
from backend.detect.pose import trunk_distance_px
from backend.track.association import COMPARED, body_sizes_px
from backend.track.told_apart import SURE_SCORE
from motion.arrays import Indices, Mask

# Median change of a pose about its middle, in sizes of the body, over the square root of the time between. Nothing
# holds a phantom's pose in place: 0.33 to 0.9, with a mean score of 0.53 to 0.56, on 28 clips of sport, dance and work.
# People have 0.02 to 0.2; up to 0.5 has a skateboarder who turns in the air, but with a mean score of 0.73 and more.
MOST_RESTLESS, MOST_RESTLESS_IF_SURE = 0.25, 0.6

SHADOW_SIZES = 0.2      # mean distance of two trunks, in sizes of the body: people pass each other nearer than this,
SHADOW_SHARE = 0.5      # but do not stay there for half of the time that they are seen


def is_phantom(detections: Detections, findings: Indices, apart: Mask) -> bool:
    """Whether the findings [M] of one track, rising in time, change as no body does; `apart` is told_apart of all.

    A body behind others is as restless as a phantom: where it was told apart, what is hardly seen of it does not count.
    """
    findings = findings[~apart[findings] | (detections.scores[findings].mean(axis=-1) > SURE_SCORE)]
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


def is_shadow(detections: Detections, findings: Indices, other: Indices, apart: Mask) -> bool:
    """Whether a track is a second, differing finding of the body of a longer one; findings [M] and [N] of both.

    Two whom the detector told apart are two bodies; `apart` is told_apart of all findings.
    """
    _, mine, others = np.intersect1d(detections.picture[findings], detections.picture[other], return_indices=True)
    first_px, second_px = detections.landmarks_px[findings[mine]], detections.landmarks_px[other[others]]
    size_px = body_sizes_px(second_px, detections.scores[other[others]])
    shadowing = trunk_distance_px(first_px, second_px) < SHADOW_SIZES * size_px
    shadowing &= ~(apart[findings[mine]] & apart[other[others]])
    return bool(shadowing.sum() > SHADOW_SHARE * len(findings))
