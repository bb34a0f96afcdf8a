"""Whom the detector told apart though they lie on one another."""

from __future__ import annotations

import numpy as np

from backend.detect.detections import Detections
from motion.arrays import Mask

SURE_SCORE = 0.7        # mean score of a finding that nothing hides
# For which somebody is surely seen. Of one body with its own second finding painted over enough may be left to be found
# again and again: on a woman who walks for 0.1 s surely, on a chair for 0.23 s; people who meet for 0.33 s and more.
SURE_S = 0.3


def told_apart(detections: Detections) -> Mask:
    """Which findings [N] were looked at with those around painted over, and are of somebody surely seen for a while.

    Two such findings in one picture are two people. Only findings that were looked at so have masks.
    """
    times_s = detections.times_s
    step_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else SURE_S
    sure = detections.tracklet[detections.scores.mean(axis=-1) > SURE_SCORE]
    tracklets, counts = np.unique(sure, return_counts=True)
    lasting = tracklets[counts * step_s >= SURE_S]
    return detections.masks.any(axis=(1, 2)) & np.isin(detections.tracklet, lasting)
