"""Where the floor is, told by soles that rest flat."""

from __future__ import annotations

import numpy as np

from backend.train.motions.still import BALLS, HEELS
from backend.train.motions.training_clip import RATE_HZ
from motion.arrays import Array, Mask

_LEVEL_M = 0.04          # between heel and ball of a flat foot; recorded ankles are off by as much
_ONE_FLOOR_M = 0.04      # heights of resting soles that belong to the lowest floor
_SHORTEST_S = 0.2


def floor_height(points_world: list[Array], still: list[Mask]) -> float | None:
    """Height m of the lowest floor on which soles rest flat, from STILL_POINTS [T, 6, 3] m of each piece.

    None where none rests flat for a fifth of a second in all.
    """
    heights = np.concatenate([_flat_heights(points, label) for points, label in zip(points_world, still)])
    if len(heights) < _SHORTEST_S * RATE_HZ:
        return None
    lowest = np.percentile(heights, 5.0)
    return float(np.median(heights[heights <= lowest + _ONE_FLOOR_M]))


def _flat_heights(points_world: Array, still: Mask) -> Array:
    heel, ball = points_world[:, HEELS, 2], points_world[:, BALLS, 2]
    flat = still[:, HEELS] & still[:, BALLS] & (np.abs(heel - ball) < _LEVEL_M)
    return 0.5 * (heel + ball)[flat]
