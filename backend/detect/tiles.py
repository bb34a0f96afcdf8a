"""Where the person detector looks: squares of the picture, each of which it sees whole."""

from __future__ import annotations

import numpy as np

from backend.detect.crop import Crop

TURNS_RAD = (np.pi / 2, -np.pi / 2, np.pi)  # lying either way round or recorded sideways, and on the head
TILE_SHARE = 0.6        # of the picture's longer side


def whole(width_px: int, height_px: int) -> Crop:
    """The whole picture, black to the square."""
    return Crop((width_px / 2, height_px / 2), float(max(width_px, height_px)), 0.0)


def everywhere(width_px: int, height_px: int) -> list[Crop]:
    """The whole picture as it is and turned, then overlapping tiles that show small people larger."""
    at_once = whole(width_px, height_px)
    turned = [Crop(at_once.middle_px, at_once.side_px, turn_rad) for turn_rad in TURNS_RAD]
    return [at_once, *turned, *tiles(width_px, height_px, TILE_SHARE * at_once.side_px)]


def tiles(width_px: int, height_px: int, side_px: float) -> list[Crop]:
    """As few squares of this side as cover the picture, evenly spread; those of one row overlap alike."""
    return [Crop((x, y), side_px, 0.0)
            for y in _middles(height_px, side_px) for x in _middles(width_px, side_px)]  # fmt: skip


def _middles(length_px: float, side_px: float) -> list[float]:
    """Middles of the fewest pieces of this side that cover 0..length_px."""
    if length_px <= side_px:
        return [length_px / 2]
    count = int(np.ceil(length_px / side_px))
    return np.linspace(side_px / 2, length_px - side_px / 2, count).tolist()
