"""Body proportions from a track: which lengths the footage shows where it can be trusted."""

from __future__ import annotations

import numpy as np

from backend.track.tracks import Track
from motion.arrays import Array
from motion.body import BodyModel


def measured_shape(track: Track, K: Array, model: BodyModel, height_m: float) -> Array:
    """Shape numbers [S] of the body; so far the average of the model, whose proportions beat the detector's."""
    return np.zeros(len(model.shape_names))
