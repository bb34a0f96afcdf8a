"""Bins and heat maps say where in the network's input a keypoint lies."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect.other.onnx_answers import decoder_of

WIDTH_PX, HEIGHT_PX = 192, 256


def test_bins_of_half_a_pixel_count_half_pixels():
    bins_x, bins_y = np.zeros((2, 3, 384), np.float32), np.zeros((2, 3, 512), np.float32)
    bins_x[1, 2, 301], bins_y[1, 2, 77] = 0.8, 0.6
    decode = decoder_of([bins_x.shape, bins_y.shape], WIDTH_PX, HEIGHT_PX)
    np.testing.assert_allclose(decode([bins_x, bins_y])[1, 2], (150.5, 38.5, 0.6), rtol=1e-6)   # the lesser score


@pytest.mark.parametrize("down, across, place", [
    ((10, 0.0, 0.2), (20, 0.3, 0.1), (79.0, 41.0)),      # leans left and down
    ((10, 0.2, 0.2), (20, 0.1, 0.1), (80.0, 40.0)),      # even
    ((0, None, 0.2), (47, 0.3, None), (188.0, 0.0)),     # at the rim
])  # fmt: skip
def test_heat_maps_shift_a_quarter_towards_the_higher_neighbour(down, across, place):
    maps = np.zeros((1, 1, 64, 48), np.float32)
    (y, above, below), (x, left, right) = down, across
    maps[0, 0, y, x] = 0.9
    for dy, dx, value in ((-1, 0, above), (1, 0, below), (0, -1, left), (0, 1, right)):
        if value is not None:
            maps[0, 0, y + dy, x + dx] = value
    decode = decoder_of([maps.shape], WIDTH_PX, HEIGHT_PX)
    np.testing.assert_allclose(decode([maps])[0, 0], (*place, 0.9), rtol=1e-6)


@pytest.mark.parametrize("shapes", [
    [(1, 17, 384)], [(1, 17, 384), (1, 18, 512)], [(1, 17, 384), (1, 17, 500)], [(1, 17, 96), (1, 17, 128)],
    [(1, 17, 512), (1, 17, 384)], [(1, 17, 64, 64)], [(1, 17, 64, 48), (1, 17, 64, 48)], [(1, 56, 8400)], [],
])  # fmt: skip
def test_other_outputs_are_not_read(shapes):
    assert decoder_of(shapes, WIDTH_PX, HEIGHT_PX) is None
