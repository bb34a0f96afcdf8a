"""What the stages of detection need of a neural network, whatever runs it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]


class Network(Protocol):
    """A network of one square picture. Not to be called from two threads at once."""

    side_px: int    # of the picture that it sees

    def __call__(self, pictures: Values) -> tuple[Values, ...]:
        """Outputs, each [B, ...], in the order of the model, of `pictures` [B, side_px, side_px, 3] RGB.

        The values of the pictures are those the network was trained on; nothing is scaled here.
        """
