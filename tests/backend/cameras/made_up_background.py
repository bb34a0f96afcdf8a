"""Rooms full of points, cameras in them, and the trails that following would make of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.cameras.from_footage.bundle import Scene, Sights
from backend.cameras.from_footage.trails import Trails
from backend.cameras.projection import projected
from motion.arrays import Array
from motion.rotations import matrix_from_axis_angle

K = np.array([[560.0, 0.0, 320.0], [0.0, 560.0, 180.0], [0.0, 0.0, 1.0]])
SIZE = (640, 360)


@dataclass(frozen=True, eq=False)
class MadeUpCamera:
    """T true cameras in the axes of the first."""

    R_first_from_camera: Array
    places_first: Array


def camera(frames: int, turn_deg: tuple[float, float, float] = (0, 0, 0),
           way_m: tuple[float, float, float] = (0, 0, 0)) -> MadeUpCamera:  # fmt: skip
    """Turns and goes there evenly, with a little shake about it where it turns at all."""
    share = np.linspace(0.0, 1.0, frames)[:, None]
    turns = share * np.radians(turn_deg) + 0.02 * np.radians(turn_deg) * np.sin(9.0 * share)
    return MadeUpCamera(matrix_from_axis_angle(turns), share * np.array(way_m, float))


def room(count: int, rng: np.random.Generator) -> Array:
    """Points [count, 3] m, 3 to 9 m away, also beside what the first camera sees."""
    return np.stack([rng.uniform(-8, 8, count), rng.uniform(-3, 3, count), rng.uniform(3, 9, count)], axis=-1)


def trails_of(
    camera: MadeUpCamera, points: Array, rng: np.random.Generator, noise_px: float = 0.15, blind: tuple[int, ...] = ()
) -> Trails:
    """What a follower sees of points [P, 3], or of moving ones [T, P, 3]; its first guess is a quarter degree off."""
    frames = len(camera.places_first)
    places = np.broadcast_to(points, (frames, *points.shape[-2:]))
    seen_camera = np.einsum("tji,tpj->tpi", camera.R_first_from_camera, places - camera.places_first[:, None])
    px = projected(seen_camera, K) + rng.normal(scale=noise_px, size=(*seen_camera.shape[:2], 2))
    seen = (seen_camera[..., 2] > 0.5) & (px > 0).all(axis=-1) & (px < SIZE).all(axis=-1)
    seen[list(blind)] = False
    guess = camera.R_first_from_camera @ matrix_from_axis_angle(np.radians(0.15) * rng.normal(size=(frames, 3)))
    picture, point = np.nonzero(seen)
    tied = seen.any(axis=1)
    return Trails(K, picture, point, px[seen], np.flatnonzero(tied)[::8], guess, tied,
                  tied.astype(float))  # fmt: skip


def true_scene(camera: MadeUpCamera, points: Array) -> Scene:
    homogeneous = np.concatenate([points, np.ones((len(points), 1))], axis=-1)
    homogeneous /= np.linalg.norm(homogeneous, axis=-1, keepdims=True)
    return Scene(camera.R_first_from_camera, camera.places_first, homogeneous)


def sights_of(trails: Trails, sigma_px: float = 0.3) -> Sights:
    return Sights(trails.picture, trails.point, trails.rays_camera(), sigma_px / K[0, 0])
