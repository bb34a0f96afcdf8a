"""Places of the camera from the parallax of the background: structure from motion, from one good pair outwards."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from backend.cameras.from_footage.bundle import across, bundled, errors
from backend.cameras.from_footage.every_picture import resected
from backend.cameras.from_footage.robust_turn import robust_turn
from backend.cameras.from_footage.scene import Scene, Sights
from motion.arrays import Array, Indices, Mask
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle, normalised

LEAST_SHARED = 30         # points that both cameras of the first pair see
LEAST_KNOWN = 15          # placed points that a further camera must see
ENOUGH_PARALLAX_RAD = 0.05   # more makes a first pair no better
LEAST_FOR_PLACE = 6       # of these, not counting those too far away to have a place
FAR = 0.01                # of the unit: nearness of points that have one
TURN_OFF_RAD = 1.0        # by which turns alone may have been mistaken
FIRST_CAMERAS = 6         # tried as one of the pair
PAIRS = 2                 # of the best looking ones are solved
COARSE = 4.0              # times the noise, while cameras are still being found
FEWEST_OBEY = 0.5         # of a pair's points, or the pair is none


def travelled(turning: Scene, sights: Sights, rng: np.random.Generator) -> Scene | None:
    """The scene of a camera that also moves, or None where the sights do not tell.

    `turning` is the best explanation by turns alone. The unit is the distance between two of the cameras.
    """
    best = None
    for first, second in _promising_pairs(turning, sights, rng):
        pair = _pair_scene(turning, sights, first, second)
        if pair is not None and (best is None or pair[1] > best[1]):
            best = (*pair, first, second)
    if best is None:
        return None
    scene, _, first, second = best
    known = np.zeros(len(scene.places_first), bool)
    known[[first, second]] = True
    scene, known = _grown(scene, known, replace(sights, sigma_rad=COARSE * sights.sigma_rad))
    if not known.all():
        return None
    return bundled(scene, sights, 30, moves=True)


def _promising_pairs(turning: Scene, sights: Sights, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Pairs of cameras with many shared points and much parallax, the best first."""
    count = len(turning.places_first)
    found = []
    for first in np.unique(np.linspace(0, count - 1, FIRST_CAMERAS).astype(int)):
        for second in range(count):
            ours, theirs = _shared(sights, int(first), second)
            if second == first or len(ours) < LEAST_SHARED:
                continue
            parallax_rad = _parallax(sights.rays[ours], sights.rays[theirs], sights.sigma_rad, rng)
            found.append((min(len(ours), 100) * min(parallax_rad, ENOUGH_PARALLAX_RAD), int(first), second))
    return [(first, second) for _, first, second in sorted(found, reverse=True)[:PAIRS]]


def _shared(sights: Sights, first: int, second: int) -> tuple[Indices, Indices]:
    """Indices of the sights of the same points from either camera."""
    ours, theirs = (np.flatnonzero(sights.camera == each) for each in (first, second))
    _, at_ours, at_theirs = np.intersect1d(sights.point[ours], sights.point[theirs], return_indices=True)
    return ours[at_ours], theirs[at_theirs]


def _parallax(rays_from: Array, rays_to: Array, sigma_rad: float, rng: np.random.Generator) -> float:
    """What the best turn leaves, rad."""
    R, _ = robust_turn(rays_from, rays_to, 10.0 * sigma_rad, rng, np.eye(3)[None])
    return float(np.median(np.linalg.norm(rays_from @ R.T - rays_to, axis=-1)))


def _pair_scene(turning: Scene, sights: Sights, first: int, second: int) -> tuple[Scene, float] | None:
    """Two cameras one unit apart and their points, with how well they do; the others are where they were."""
    ours, theirs = _shared(sights, first, second)
    flat = [sights.rays[each][:, :2] / sights.rays[each][:, 2:] for each in (ours, theirs)]
    near = COARSE * sights.sigma_rad
    E, _ = cv2.findEssentialMat(*flat, np.eye(3), method=cv2.RANSAC, prob=0.999, threshold=near)
    if E is None or E.shape != (3, 3):
        return None
    _, R_second_from_first, t, _ = cv2.recoverPose(E, *flat, np.eye(3))
    R, places = turning.R_first_from_camera.copy(), np.zeros_like(turning.places_first)
    R[second] = R[first] @ R_second_from_first.T
    if not _is_near(R[second], turning.R_first_from_camera[second]):
        return None
    places[second] = -R[second] @ t[:, 0]
    both = sights.of(np.concatenate([ours, theirs]))
    scene = _with_points(replace(turning, R_first_from_camera=R, places_first=places), both)
    scene = bundled(scene, replace(both, sigma_rad=near), 8, moves=True)
    obey = float(np.mean(np.linalg.norm(errors(scene, both), axis=-1) < near))
    spread = float(np.median(_angles_at_points(scene, both, len(ours))))
    return (scene, obey * min(spread, 2.0 * ENOUGH_PARALLAX_RAD)) if obey >= FEWEST_OBEY else None


def _angles_at_points(scene: Scene, both: Sights, count: int) -> Array:
    """Angles rad under which points see the two cameras."""
    world = np.einsum("nij,nj->ni", scene.R_first_from_camera[both.camera], both.rays)
    return np.arccos(np.clip((world[:count] * world[count:]).sum(axis=-1), -1.0, 1.0))


def _grown(scene: Scene, known: Mask, sights: Sights) -> tuple[Scene, Mask]:
    """Camera after camera that sees enough placed points."""
    while not known.all():
        placed = np.unique(sights.point[known[sights.camera]])
        can = np.isin(sights.point, placed) & ~known[sights.camera]
        sees = np.bincount(sights.camera[can], minlength=len(known))
        # Half of the best: the others see more when these have added their points.
        new = (sees >= LEAST_KNOWN) & (sees >= 0.5 * sees.max())
        if not new.any():
            break
        scene = _joined(scene, sights.of(can), np.flatnonzero(new))
        scene = _only(resected(scene, sights.of(can & new[sights.camera]), moves=True), scene, new)
        known = known | new
        seen = sights.of(known[sights.camera])
        scene = bundled(_with_points(scene, seen), seen, 8, moves=True)
    return scene, known


def _joined(scene: Scene, sights: Sights, new: Indices) -> Scene:
    """New cameras where most of the placed points that they see put them."""
    R, places = scene.R_first_from_camera.copy(), scene.places_first.copy()
    near = sights.of(scene.points[sights.point, 3] > FAR)
    for camera in new:
        own = near.of(near.camera == camera)
        if len(own.point) >= LEAST_FOR_PLACE:
            points = scene.points[own.point, :3] / scene.points[own.point, 3:]
            flat = own.rays[:, :2] / own.rays[:, 2:]
            found, turn, t, _ = cv2.solvePnPRansac(points, flat, np.eye(3), None, reprojectionError=2.0 * own.sigma_rad,
                                                   iterationsCount=200, flags=cv2.SOLVEPNP_SQPNP)  # fmt: skip
            if found and _is_near(matrix_from_axis_angle(turn[:, 0]).T, R[camera]):
                R[camera] = matrix_from_axis_angle(turn[:, 0]).T
                places[camera] = -R[camera] @ t[:, 0]
    return replace(scene, R_first_from_camera=R, places_first=places)


def _is_near(R: Array, guess: Array) -> bool:
    """Whether a turn may be right. With little parallax a half turn about the baseline explains as much."""
    return float(np.linalg.norm(axis_angle_from_matrix(guess.T @ R))) < TURN_OFF_RAD


def _only(changed: Scene, scene: Scene, chosen: Mask) -> Scene:
    """Changes of the chosen cameras alone."""
    R = np.where(chosen[:, None, None], changed.R_first_from_camera, scene.R_first_from_camera)
    return replace(scene, R_first_from_camera=R, places_first=np.where(chosen[:, None], changed.places_first,
                                                                       scene.places_first))  # fmt: skip


def _with_points(scene: Scene, sights: Sights) -> Scene:
    """Points where their sight lines meet best (linear, homogeneous); those that would lie behind are far away."""
    R_camera_from_first = np.swapaxes(scene.R_first_from_camera, -1, -2)[sights.camera]
    rows = np.swapaxes(across(sights.rays), -1, -2) @ R_camera_from_first
    rows = np.concatenate([rows, -np.einsum("nij,nj->ni", rows, scene.places_first[sights.camera])[..., None]], -1)
    normal = np.zeros((len(scene.points), 4, 4))
    np.add.at(normal, sights.point, np.swapaxes(rows, -1, -2) @ rows)
    mean_ray = np.zeros((len(scene.points), 3))
    np.add.at(mean_ray, sights.point, np.einsum("nji,nj->ni", R_camera_from_first, sights.rays))
    X = np.linalg.eigh(normal)[1][:, :, 0]
    X = X * np.where((X[:, :3] * mean_ray).sum(axis=-1) < 0, -1.0, 1.0)[:, None]
    far = np.concatenate([normalised(mean_ray), np.zeros((len(X), 1))], axis=-1)
    X = np.where(X[:, 3:] < 0, far, X)
    seen = np.bincount(sights.point, minlength=len(X)) > 0
    return replace(scene, points=np.where(seen[:, None], X, scene.points))
