"""From what is sampled at the lifter's rate in the person's view to turns on every frame in the camera's axes."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import make_interp_spline

from backend.hypotheses.condition import Condition
from motion.arrays import Array


def turns_of(condition: Condition, turns_view_rad: Array, frame_count: int) -> Array:
    """[N, T, 22, 3] of rotation vectors [N, M, 22, 3] in the view's axes at the condition's positions.

    By cubic splines, as straight lines would jerk; the end is held.
    """
    in_camera = np.einsum("mba,nmjb->nmja", condition.R_view_from_camera, turns_view_rad)
    positions, frames = condition.positions, np.arange(frame_count)
    if len(positions) == 1:
        return np.repeat(in_camera, frame_count, axis=1)
    return make_interp_spline(positions, in_camera, k=min(3, len(positions) - 1), axis=1)(
        np.minimum(frames, positions[-1]))  # fmt: skip
