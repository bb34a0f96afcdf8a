"""What a shot's trails say of its camera, as turns alone and as turns and places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.cameras.from_footage.bundle import bundled, errors, loss
from backend.cameras.from_footage.every_picture import resected, turn_sigmas
from backend.cameras.from_footage.scene import Scene, Sights
from backend.cameras.from_footage.trails import Trails
from backend.cameras.from_footage.travel import travelled
from motion.arrays import Array, Indices, Mask
from motion.resample import interpolate_linear
from motion.rotations import interpolate_rotations

NOISE_PX = 0.3            # of a registered point
LEAST_SIGHTS = 3          # of a point, to count
CHOSEN_EVERY = 20         # parts of a shot with a picture among the keyframes at least
LONG_SHOT = 400           # keyframes: of more only these many are used


@dataclass(frozen=True, eq=False)
class Explanation:
    """Cameras of all T pictures of a shot, and how well they explain the N sights."""

    scene: Scene
    sights: Sights
    error_px: Array        # [N] of the small pictures
    loss: float            # of the keyframes' sights
    turn_sigma_rad: Array  # [T] by the noise of the sights


def by_turns(trails: Trails) -> Explanation | None:
    """The best explanation in which the lens stays where it is, None where no point lasts from one of the pictures
    chosen to another.
    """
    sights = _sights(trails)
    rays_first = np.einsum("nij,nj->ni", trails.R_first_from_camera[sights.camera], sights.rays)
    points = np.zeros((int(sights.point.max(initial=-1)) + 1, 4))
    np.add.at(points[:, :3], sights.point, rays_first)
    points /= np.maximum(np.linalg.norm(points, axis=-1, keepdims=True), 1e-9)
    start = Scene(trails.R_first_from_camera, np.zeros((trails.picture_count, 3)), points)
    chosen = _chosen(trails)
    few, few_sights = _part(start, sights, chosen)
    if not _placed(few_sights, len(points)).any():
        return None
    few = bundled(few, few_sights, 20, moves=False)
    return _whole(start, few, few_sights, sights, trails, chosen, moves=False)


def by_travel(trails: Trails, turning: Explanation, rng: np.random.Generator) -> Explanation | None:
    """The best one in which it also goes somewhere, None where the sights do not tell where."""
    chosen = _chosen(trails)
    few, few_sights = _part(turning.scene, turning.sights, chosen)
    moved = travelled(few, few_sights, rng)
    if moved is None:
        return None
    return _whole(turning.scene, moved, few_sights, turning.sights, trails, chosen, moves=True)


def lasting(trails: Trails) -> Mask:
    """[N] the sights of points that are seen often enough to tell anything."""
    return (np.bincount(trails.point, minlength=trails.point_count) >= LEAST_SIGHTS)[trails.point]


def _sights(trails: Trails) -> Sights:
    used = lasting(trails)
    _, point = np.unique(trails.point[used], return_inverse=True)
    return Sights(trails.picture[used], point, trails.rays_camera()[used], NOISE_PX / float(trails.K[0, 0]))


def _chosen(trails: Trails) -> Indices:
    """Keyframes, and pictures between them where they are far apart; all of them tied."""
    tied = np.flatnonzero(trails.tied)
    between = tied[:: max(1, len(tied) // CHOSEN_EVERY)]
    chosen = np.unique(np.concatenate([trails.keyframes, between, tied[-1:]]))
    chosen = chosen[trails.tied[chosen]]
    return chosen[np.unique(np.linspace(0, len(chosen) - 1, min(len(chosen), LONG_SHOT)).round().astype(int))]


def _part(scene: Scene, sights: Sights, chosen: Indices) -> tuple[Scene, Sights]:
    """The scene of some cameras alone."""
    few = sights.of(np.isin(sights.camera, chosen))
    few = Sights(np.searchsorted(chosen, few.camera), few.point, few.rays, few.sigma_rad)
    return Scene(scene.R_first_from_camera[chosen], scene.places_first[chosen], scene.points), few


def _whole(
    start: Scene, few: Scene, few_sights: Sights, sights: Sights, trails: Trails, chosen: Indices, moves: bool
) -> Explanation:
    """All pictures, each beginning between the chosen ones beside it, from the points that those have placed."""
    at, wanted = chosen.astype(float), np.arange(trails.picture_count, dtype=float)
    # What bundling changed goes from picture to picture more smoothly than the turns themselves.
    guess = start.R_first_from_camera
    changes = few.R_first_from_camera @ np.swapaxes(guess[chosen], -1, -2)
    R = interpolate_rotations(few.R_first_from_camera if moves else changes, at, wanted)
    places = interpolate_linear(few.places_first, at, wanted)
    used = sights.of(_placed(few_sights, len(few.points))[sights.point])
    whole = resected(Scene(R if moves else R @ guess, places, few.points), used, moves)
    error_px = np.linalg.norm(errors(whole, used), axis=-1) * float(trails.K[0, 0])
    return Explanation(_from_first(whole), used, error_px, loss(errors(few, few_sights), few_sights.sigma_rad),
                       turn_sigmas(whole, used, moves))  # fmt: skip


def _placed(few_sights: Sights, count: int) -> Mask:
    """[P] which of so many points the chosen pictures place."""
    return np.bincount(few_sights.point, minlength=count) > 1


def _from_first(scene: Scene) -> Scene:
    """The same scene in the axes of its first camera."""
    R_new_from_old, place = scene.R_first_from_camera[0].T, scene.places_first[0]
    points = scene.points.copy()
    points[:, :3] = (points[:, :3] - points[:, 3:] * place) @ R_new_from_old.T
    return Scene(R_new_from_old @ scene.R_first_from_camera, (scene.places_first - place) @ R_new_from_old.T, points)
