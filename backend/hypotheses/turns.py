"""From what is sampled at the lifter's rate in the person's view to turns on every frame in the camera's axes."""

from __future__ import annotations

import numpy as np

from backend.hypotheses.condition import Condition
from motion.arrays import Array


def turns_of(condition: Condition, turns_view_rad: Array, frame_count: int) -> Array:
    """[N, T, 22, 3] of rotation vectors [N, M, 22, 3] in the view's axes at the condition's positions.

    They vary slowly, so that straight lines between them do; ends are held.
    """
    in_camera = np.einsum("mba,nmjb->nmja", condition.R_view_from_camera, turns_view_rad)
    positions, frames = condition.positions, np.arange(frame_count)
    after = np.clip(np.searchsorted(positions, frames), 1, max(1, len(positions) - 1))
    if len(positions) == 1:
        return np.repeat(in_camera, frame_count, axis=1)
    share = np.clip((frames - positions[after - 1]) / (positions[after] - positions[after - 1]), 0.0, 1.0)
    share = share[:, None, None]
    return (1.0 - share) * in_camera[:, after - 1] + share * in_camera[:, after]
