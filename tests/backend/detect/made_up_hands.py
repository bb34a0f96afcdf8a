"""Hands in pictures, made up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from backend.detect.crop import Crop, applied
from backend.detect.hand_crop import crop_from_hand

SIDE_PX = 224
FINGERS = [np.linspace(start, end, 4) for start, end in [
    ((-0.25, 0.2), (-0.6, -0.3)), ((-0.2, -0.35), (-0.3, -1.0)), ((0.0, -0.4), (0.0, -1.1)),
    ((0.15, -0.37), (0.2, -1.0)), ((0.3, -0.3), (0.45, -0.8)),
]]  # fmt: skip
OPEN_HAND = np.concatenate([[(0.0, 0.5)], *FINGERS])    # [21, 2], fingers up, in lengths of a palm


def open_hand(middle_px: Sequence[float], palm_px: float = 50.0, turn_rad: float = 0.0) -> np.ndarray:
    """Landmarks [21, 2] of a flat hand, turned clockwise."""
    return np.array(middle_px) + palm_px * OPEN_HAND @ Crop((0, 0), 1, turn_rad).axes.T


UPRIGHT = crop_from_hand(OPEN_HAND * 100)
HAND_IN_CROP = applied(UPRIGHT.crop_from_picture(SIDE_PX), OPEN_HAND * 100)


class MadeUpNetwork:
    """Sees a flat hand in the middle of whatever it is shown, with presence and side as `say` tells, call by call."""

    side_px = SIDE_PX

    def __init__(self, say: Callable[[int], tuple[float, float]]) -> None:
        self._say = say
        self.shown: list[int] = []      # number of crops, call by call

    def __call__(self, pictures: np.ndarray) -> tuple[np.ndarray, ...]:
        presence, right = self._say(len(self.shown))
        self.shown.append(len(pictures))
        places = np.zeros((21, 3))
        places[:, :2] = HAND_IN_CROP
        metres = np.column_stack([0.1 * OPEN_HAND @ UPRIGHT.axes, np.zeros(21)])
        row = (places.ravel(), [presence], [right], metres.ravel())
        return tuple(np.tile(np.asarray(values, np.float32), (len(pictures), 1)) for values in row)
