"""Cameras and points that explain sight lines best: bundle adjustment.

Points are homogeneous, X = (direction, 1 / distance) at unit length in the first camera's axes, so that far ones are as
good as near ones. Errors are angles between sight lines, weighed by Cauchy's function. Gauss and Newton's steps with
Levenberg's damping, as in Triggs et al. 2000.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.cameras.from_footage.elimination import damped_step
from backend.cameras.from_footage.scene import Scene, Sights
from motion.arrays import Array
from motion.rotations import matrix_from_axis_angle, nearest_rotation, normalised

DAMPING = 1e-4
LEAST_DAMPING = 1e-8
MOST_DAMPING = 1e4
OPPOSITE = 1e-6        # of _facing()
NEAREST = 1e-6         # of the unit: no point lies in a lens


def errors(scene: Scene, sights: Sights) -> Array:
    """[N, 2] rad, across each sight line; stereographic, so that what lies behind the lens is farthest off."""
    return _off(normalised(_seen(scene, sights)), sights.rays, across(sights.rays))


def _off(y: Array, rays: Array, B: Array) -> Array:
    return 2.0 * np.einsum("nij,ni->nj", B, y) / _facing(y, rays)[:, None]


def _facing(y: Array, rays: Array) -> Array:
    """[N] 2 along the sight line, 0 against it."""
    return np.maximum(1.0 + (y * rays).sum(axis=-1), OPPOSITE)


def across(rays: Array) -> Array:
    """[N, 3, 2] two unit vectors square to each ray and to one another."""
    first = normalised(np.cross(rays, np.eye(3)[np.argmin(np.abs(rays), axis=-1)]))
    return np.stack([first, np.cross(rays, first)], axis=-1)


def cauchy_weights(error_rad: Array, sigma_rad: float) -> Array:
    """[N] from errors [N, 2]; half beyond twice the noise."""
    return 1.0 / (1.0 + (error_rad**2).sum(axis=-1) / (2.0 * sigma_rad) ** 2)


def loss(error_rad: Array, sigma_rad: float) -> float:
    return float(np.log1p((error_rad**2).sum(axis=-1) / (2.0 * sigma_rad) ** 2).sum())


def bundled(scene: Scene, sights: Sights, rounds: int, moves: bool) -> Scene:
    """The scene with the least loss near this one; without `moves` only turns and directions change.

    The first camera stays where it is; the size of a scene that moves is only held by the damping.
    """
    damping, best = DAMPING, loss(errors(scene, sights), sights.sigma_rad)
    for _ in range(rounds):
        tried = _stepped(scene, sights, damping, moves)
        value = loss(errors(tried, sights), sights.sigma_rad)
        if value < best:
            done = best - value < 1e-5 * best
            scene, best, damping = tried, value, max(LEAST_DAMPING, 0.2 * damping)
            if done:
                break
        elif damping > MOST_DAMPING:
            break
        else:
            damping *= 10.0
    return scene


def _seen(scene: Scene, sights: Sights) -> Array:
    """Points in the axes of the cameras that see them [N, 3], of no particular length."""
    X = scene.points[sights.point]
    from_lens = X[:, :3] - X[:, 3:] * scene.places_first[sights.camera]
    return np.einsum("nji,nj->ni", scene.R_first_from_camera[sights.camera], from_lens)


def _sight(scene: Scene, sights: Sights) -> tuple[Array, Array, Array, Array]:
    """Where points are seen [N, 3] (unit), how far away, times their homogeneous length [N], the errors [N, 2], and
    their slopes [N, 2, 3] by where they are seen."""
    y = _seen(scene, sights)
    length = np.maximum(np.linalg.norm(y, axis=-1), NEAREST)
    y = y / length[:, None]
    B = across(sights.rays)
    error, facing = _off(y, sights.rays, B), _facing(y, sights.rays)[:, None, None]
    slopes = (2.0 * np.swapaxes(B, -1, -2) - error[:, :, None] * sights.rays[:, None]) / facing
    along = np.einsum("nkj,nj->nk", slopes, y)
    return y, length, error, slopes - along[:, :, None] * y[:, None]


def camera_slopes(scene: Scene, sights: Sights, moves: bool) -> tuple[Array, Array]:
    """Errors [N, 2] and their slopes [N, 2, 3 or 6] by the camera's turn in its own axes, and by its place."""
    y, length, error, flat = _sight(scene, sights)
    slopes = [np.cross(flat, y[:, None])]
    if moves:
        nearness = (scene.points[sights.point, 3] / length)[:, None, None]
        slopes.append(-nearness * flat @ np.swapaxes(scene.R_first_from_camera[sights.camera], -1, -2))
    return error, np.concatenate(slopes, axis=-1)


def _point_slopes(scene: Scene, sights: Sights, bases: Array) -> Array:
    """[N, 2, D] along the D directions [P, 4, D] in which points may go."""
    _, length, _, flat = _sight(scene, sights)
    basis = bases[sights.point]
    moved = basis[:, :3] - scene.places_first[sights.camera][:, :, None] * basis[:, 3:]
    R_camera_from_first = np.swapaxes(scene.R_first_from_camera[sights.camera], -1, -2)
    return flat / length[:, None, None] @ R_camera_from_first @ moved


def turned_and_moved(scene: Scene, step: Array, moves: bool) -> Scene:
    """The scene's cameras after a step [F, 3 or 6]."""
    R = nearest_rotation(scene.R_first_from_camera @ matrix_from_axis_angle(step[:, :3]))
    places = scene.places_first + step[:, 3:] if moves else scene.places_first
    return replace(scene, R_first_from_camera=R, places_first=places)


def _stepped(scene: Scene, sights: Sights, damping: float, moves: bool) -> Scene:
    bases = _directions(scene.points, moves)
    error, by_camera = camera_slopes(scene, sights, moves)
    root = np.sqrt(cauchy_weights(error, sights.sigma_rad))[:, None]
    by_point = _point_slopes(scene, sights, bases) * root[..., None]
    counts = (len(scene.places_first), len(scene.points))
    camera_step, point_step = damped_step(sights, counts, by_camera * root[..., None], by_point, error * root, damping)
    points = scene.points + np.einsum("pij,pj->pi", bases, point_step)
    points /= np.linalg.norm(points, axis=-1, keepdims=True)
    return replace(turned_and_moved(scene, camera_step, moves), points=points)


def _directions(points: Array, moves: bool) -> Array:
    """[P, 4, D] square to the points: three where they may come nearer, else two."""
    if moves:
        # Columns of the mirroring that takes the point to the last axis (Householder).
        mirror = points + np.where(points[:, 3:] < 0, -1.0, 1.0) * np.eye(4)[3]
        mirror /= np.linalg.norm(mirror, axis=-1, keepdims=True)
        return (np.eye(4) - 2.0 * mirror[:, :, None] * mirror[:, None])[:, :, :3]
    directions = np.zeros((len(points), 4, 2))
    directions[:, :3] = across(points[:, :3])
    return directions
