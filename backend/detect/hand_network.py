"""MediaPipe's hand network on crops of hands: what it says, in the picture's pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.detect.crop import Crop, Rgb, applied, cut_out
from backend.detect.networks.network import Network, Values
from motion.arrays import Array
from motion.landmarks import HAND_LANDMARK_COUNT

PLACES, PRESENCE, RIGHT, METRES = range(4)      # the network's outputs


@dataclass(frozen=True, eq=False)
class HandAnswer:
    """What the network says of one crop."""

    landmarks_px: Array       # [21, 2]
    landmarks_camera: Array   # [21, 3] m about the hand's middle, axes of the camera
    presence: float           # 0..1 that there is a hand
    right: float              # 0..1 that it is a right one


class HandNetwork:
    """The landmark network and how its outputs are to be read."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def look(self, rgb: Rgb, crops: Sequence[Crop]) -> list[HandAnswer]:
        """One answer for each crop of a picture."""
        if not crops:
            return []
        size = self._network.side_px
        outputs = self._network(np.stack([cut_out(rgb, crop, size) for crop in crops]))
        return [_answer(crop, [output[number] for output in outputs], size) for number, crop in enumerate(crops)]


def _answer(crop: Crop, outputs: Sequence[Values], size: int) -> HandAnswer:
    places, metres = (outputs[n].reshape(HAND_LANDMARK_COUNT, 3).astype(float) for n in (PLACES, METRES))
    metres[:, :2] = metres[:, :2] @ crop.axes.T
    landmarks_px = applied(crop.picture_from_crop(size), places[:, :2])
    return HandAnswer(landmarks_px, metres, outputs[PRESENCE].item(), outputs[RIGHT].item())
