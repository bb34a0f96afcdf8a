"""Laws of what lies on floors and walls."""

from __future__ import annotations

import numpy as np

from backend.train.render.textures import random_horizon


def test_the_horizon_goes_on_around_every_corner():
    x_low, x_high, y_low, y_high = random_horizon(np.random.default_rng(4), [(30.0, 20.0)] * 4)
    for one, other in ((x_low[:, 0], y_low[:, 0]), (x_low[:, -1], y_high[:, 0]),
                       (x_high[:, 0], y_low[:, -1]), (x_high[:, -1], y_high[:, -1])):  # fmt: skip
        assert np.median(np.abs(one - other)) < 0.02
        assert np.mean(np.abs(one - other) > 0.2) < 0.1
