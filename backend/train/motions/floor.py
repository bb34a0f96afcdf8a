"""Where the floor is, told by soles that rest."""

from __future__ import annotations

import numpy as np

from backend.train.motions.still import SOLES
from backend.train.motions.training_clip import RATE_HZ
from motion.arrays import Array, Mask

_ONE_FLOOR_M = 0.04      # heights of resting soles that belong to the lowest floor
_SHORTEST_S = 0.1


def floor_height(points_world: list[Array], still: list[Mask]) -> float | None:
    """Height m of the lowest floor on which soles rest, from STILL_POINTS [T, 6, 3] m and labels of each piece.

    None where none rests for a tenth of a second in all.
    """
    heights = resting_heights(points_world, still)
    if len(heights) < _SHORTEST_S * RATE_HZ:
        return None
    lowest = np.percentile(heights, 5.0)
    return float(np.median(heights[heights <= lowest + _ONE_FLOOR_M]))


def resting_heights(points_world: list[Array], still: list[Mask]) -> Array:
    """Height m of the lowest resting sole point, of each frame that has one: heels of people on their toes are not."""
    lowest = [
        np.where(label[:, SOLES], points[:, SOLES, 2], np.inf).min(axis=1)
        for points, label in zip(points_world, still)
    ]  # fmt: skip
    heights = np.concatenate(lowest)
    return heights[np.isfinite(heights)]
