"""From what a pose network answers to keypoints in px of its own input."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from backend.detect.networks.network import Values
from motion.arrays import Array

QUARTER_PX = 0.25       # of a heat map: the shift towards the higher neighbour (Newell et al. 2016, §3.3)

Decode = Callable[[Sequence[Values]], Array]    # outputs to [B, K, 3]: x, y in px of the input, score


def decoder_of(shapes: Sequence[tuple[int, ...]], width_px: int, height_px: int) -> Decode | None:
    """How to read outputs of these shapes; None for a network of another kind.

    Known are SimCC, [B, K, W] and [B, K, H] of bins in x and y (RTMPose), and heat maps [B, K, h, w].
    """
    if len(shapes) == 2 and all(len(shape) == 3 for shape in shapes) and shapes[0][1] == shapes[1][1]:
        across, down = shapes[0][2] / width_px, shapes[1][2] / height_px
        if across == down >= 1:
            return lambda outputs: _from_bins(outputs[0], outputs[1], across)
    if len(shapes) == 1 and len(shapes[0]) == 4:
        across, down = width_px / shapes[0][3], height_px / shapes[0][2]
        if across == down >= 1:
            return lambda outputs: _from_heat_maps(outputs[0], across)
    return None


def _from_bins(bins_x: Values, bins_y: Values, bins_a_px: float) -> Array:
    places = np.stack([bins_x.argmax(axis=-1), bins_y.argmax(axis=-1)], axis=-1) / bins_a_px
    scores = np.minimum(bins_x.max(axis=-1), bins_y.max(axis=-1))
    return np.concatenate([places, scores[..., None]], axis=-1)


def _from_heat_maps(maps: Values, px_of_map: float) -> Array:
    count, keypoints, height, width = maps.shape
    flat = maps.reshape(count, keypoints, -1)
    y, x = np.divmod(flat.argmax(axis=-1), width)
    places = np.stack([x + _shift(maps, y, x, 0, 1), y + _shift(maps, y, x, 1, 0)], axis=-1) * px_of_map
    return np.concatenate([places, flat.max(axis=-1)[..., None]], axis=-1)


def _shift(maps: Values, y: Array, x: Array, down: int, across: int) -> Array:
    """A quarter towards the higher of two neighbours, none at the rim. [B, K]"""
    height, width = maps.shape[2:]
    b, k = np.indices(x.shape)
    inside = (y >= down) & (y < height - down) & (x >= across) & (x < width - across)
    after = maps[b, k, np.minimum(y + down, height - 1), np.minimum(x + across, width - 1)]
    before = maps[b, k, np.maximum(y - down, 0), np.maximum(x - across, 0)]
    return QUARTER_PX * inside * np.sign(after - before)
