"""Roll and pitch of a camera, of up in its frame."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array


def angles_from_up(up: Array) -> tuple[Array, Array]:
    """Roll and pitch in degrees of unit vectors [..., 3].

    Pitch counts downwards, roll clockwise as the picture shows up leaning right.
    """
    return np.rad2deg(np.arctan2(up[..., 0], -up[..., 1])), np.rad2deg(np.arcsin(np.clip(-up[..., 2], -1.0, 1.0)))
