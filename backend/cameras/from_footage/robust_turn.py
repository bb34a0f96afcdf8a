"""The turn that explains most of the sight lines to points between two pictures."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array, Mask
from motion.rotations import frame_from_axes, nearest_rotation

TRIES = 60   # pairs of points; with half of all points astray one try in four is right


def robust_turn(
    rays_from: Array, rays_to: Array, near_rad: float, rng: np.random.Generator, guesses: Array
) -> tuple[Array, Mask]:
    """R_to_from_from [3, 3] and which of the unit rays [N >= 2, 3] agree with it within `near_rad`.

    The best of the guesses [G, 3, 3] and of turns through two points each, by truncated squares (MSAC, Torr and
    Zisserman 2000), fitted again to those that agree (Kabsch 1976).
    """
    first, second = rng.integers(len(rays_from), size=(2, TRIES))
    R = np.concatenate([guesses, _through(rays_from, rays_to, first, second)])
    best = R[int(np.argmin(_losses(R, rays_from, rays_to, near_rad)))]
    for _ in range(3):
        near = _errors(best[None], rays_from, rays_to)[0] < near_rad
        if near.sum() < 2:
            break
        best = nearest_rotation(rays_to[near].T @ rays_from[near])
    return best, _errors(best[None], rays_from, rays_to)[0] < near_rad


def _through(rays_from: Array, rays_to: Array, first: Array, second: Array) -> Array:
    frames_from = frame_from_axes(rays_from[first], rays_from[second])
    frames_to = frame_from_axes(rays_to[first], rays_to[second])
    return frames_to @ np.swapaxes(frames_from, -1, -2)


def _losses(R: Array, rays_from: Array, rays_to: Array, near_rad: float) -> Array:
    return np.minimum((_errors(R, rays_from, rays_to) / near_rad) ** 2, 1.0).sum(axis=-1)


def _errors(R: Array, rays_from: Array, rays_to: Array) -> Array:
    """Angles [H, N] rad, as chords."""
    return np.linalg.norm(rays_from @ np.swapaxes(R, -1, -2) - rays_to, axis=-1)
