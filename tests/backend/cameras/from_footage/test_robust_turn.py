from __future__ import annotations

import numpy as np
import pytest

from backend.cameras.from_footage.robust_turn import robust_turn
from motion.rotations import matrix_from_axis_angle, normalised


@pytest.mark.parametrize("astray", [0.0, 0.3, 0.5])
def test_the_turn_of_most_points_is_found(astray) -> None:
    rng = np.random.default_rng(3)
    R = matrix_from_axis_angle(np.array([0.02, 0.3, -0.1]))
    rays = normalised(rng.normal(size=(200, 3)) * [1, 1, 0.2] + [0, 0, 2])
    seen = normalised(rays @ R.T + 2e-4 * rng.normal(size=rays.shape))
    wrong = np.arange(200) < 200 * astray
    seen[wrong] = normalised(seen[wrong] + 0.2 * rng.normal(size=(int(wrong.sum()), 3)))
    found, near = robust_turn(rays, seen, 1e-3, rng, np.eye(3)[None])
    assert np.abs(found - R).max() < 2e-4
    assert near[~wrong].mean() > 0.95
    assert near[wrong].mean() < 0.1 if astray else near.all()
