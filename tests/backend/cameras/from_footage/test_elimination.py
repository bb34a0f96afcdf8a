from __future__ import annotations

import numpy as np

from backend.cameras.from_footage.elimination import damped_step, summed
from backend.cameras.from_footage.scene import Sights


def test_sums_are_taken_over_equal_indices() -> None:
    values = np.arange(12.0).reshape(4, 3)
    assert np.array_equal(summed(values, np.array([2, 0, 2, 2]), 3), [[3, 4, 5], [0, 0, 0], [15, 18, 21]])


def test_the_step_is_that_of_the_whole_system() -> None:
    rng = np.random.default_rng(0)
    F, P, C, D = 3, 270, 6, 2
    camera, point = np.repeat(np.arange(F), P), np.tile(np.arange(P), F)
    sights = Sights(camera, point, np.zeros((F * P, 3)), 1.0)
    by_camera, by_point = rng.normal(size=(F * P, 2, C)), rng.normal(size=(F * P, 2, D))
    error = rng.normal(size=(F * P, 2))
    J = np.zeros((2 * F * P, F * C + P * D))
    for n in range(F * P):
        J[2 * n : 2 * n + 2, camera[n] * C : (camera[n] + 1) * C] = by_camera[n]
        J[2 * n : 2 * n + 2, F * C + point[n] * D : F * C + (point[n] + 1) * D] = by_point[n]
    whole = np.linalg.solve(J[:, C:].T @ J[:, C:], -J[:, C:].T @ error.ravel())
    camera_step, point_step = damped_step(sights, (F, P), by_camera, by_point, error, damping=1e-12)
    assert not camera_step[0].any()
    assert np.allclose(camera_step[1:].ravel(), whole[: (F - 1) * C], atol=1e-6)
    assert np.allclose(point_step.ravel(), whole[(F - 1) * C :], atol=1e-6)
