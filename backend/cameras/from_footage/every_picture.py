"""The cameras of all pictures, from points that the keyframes have placed."""

from __future__ import annotations

import numpy as np

from backend.cameras.from_footage.bundle import camera_slopes, cauchy_weights, turned_and_moved
from backend.cameras.from_footage.elimination import summed
from backend.cameras.from_footage.scene import Scene, Sights
from motion.arrays import Array

ROUNDS = 8
LEAST_STEP = 1e-7   # rad, or of the unit
HELD = 1e-6   # of the mean information: pictures that see nothing stay


def resected(scene: Scene, sights: Sights, moves: bool) -> Scene:
    """Each camera where its own sights put it; the points stay. Sights are sorted by camera."""
    for _ in range(ROUNDS):
        error, slopes = camera_slopes(scene, sights, moves)
        weight = cauchy_weights(error, sights.sigma_rad)
        H = summed(np.einsum("n,nki,nkj->nij", weight, slopes, slopes), sights.camera, len(scene.places_first))
        g = summed(np.einsum("n,nki,nk->ni", weight, slopes, error), sights.camera, len(scene.places_first))
        step = -np.linalg.solve(H + _held(H), g[..., None])[..., 0]
        scene = turned_and_moved(scene, step, moves)
        if np.abs(step).max() < LEAST_STEP:
            break
    return scene


def turn_sigmas(scene: Scene, sights: Sights, moves: bool) -> Array:
    """[F] rad, the standard deviation of each camera's turn by the noise of its sights."""
    error, slopes = camera_slopes(scene, sights, moves)
    weight = cauchy_weights(error, sights.sigma_rad) / sights.sigma_rad**2
    H = summed(np.einsum("n,nki,nkj->nij", weight, slopes, slopes), sights.camera, len(scene.places_first))
    return np.sqrt(np.trace(np.linalg.inv(H + _held(H))[:, :3, :3], axis1=-2, axis2=-1) / 3.0)


def _held(H: Array) -> Array:
    size = max(float(np.trace(H, axis1=-2, axis2=-1).mean()), 1e-12)
    return HELD * size * np.eye(H.shape[-1])
