"""Which of the detector's findings is the person that was filmed."""

from __future__ import annotations

import numpy as np

from backend.detect.detections import Detections
from motion.arrays import Array, Indices
from motion.landmarks import LIMB_LANDMARKS

FARTHEST_HEIGHTS = 0.25     # that the limbs' landmarks may lie away in the mean


def person_found(found: Detections, truth_px: Array) -> Indices:
    """For each picture the finding that is the person whose landmarks are truth_px [T, 33, 2], -1 where there is none.

    Left and right do not count: a finding with its sides exchanged is the person too.
    """
    limbs = list(LIMB_LANDMARKS)
    height_px = np.ptp(truth_px[..., 1], axis=1)
    width_px = np.ptp(truth_px[..., 0], axis=1)
    near_px = FARTHEST_HEIGHTS * np.hypot(height_px, width_px)
    chosen, nearest_px = np.full(len(truth_px), -1), near_px.copy()
    for number, (picture, landmarks) in enumerate(zip(found.picture, found.landmarks_px, strict=True)):
        if picture >= len(truth_px):
            continue
        pairs = [landmarks[limbs].reshape(-1, 2, 2), truth_px[picture][limbs].reshape(-1, 2, 2)]
        off_px = np.linalg.norm(pairs[0].mean(1) - pairs[1].mean(1), axis=-1).mean()
        if off_px < nearest_px[picture]:
            chosen[picture], nearest_px[picture] = number, off_px
    return chosen
