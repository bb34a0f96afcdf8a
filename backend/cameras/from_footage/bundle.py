"""Cameras and points that explain sight lines best: bundle adjustment.

Points are homogeneous, X = (direction, 1 / distance) at unit length in the first camera's axes, so that far ones are as
good as near ones. Errors are angles between sight lines, weighed by Cauchy's function. Gauss and Newton's steps with
Levenberg's damping; points are eliminated first (Schur), as in Triggs et al. 2000.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from motion.arrays import Array, Indices
from motion.rotations import matrix_from_axis_angle, nearest_rotation, normalised

DAMPING = 1e-4
LEAST_DAMPING = 1e-8
MOST_DAMPING = 1e4
NEAREST = 1e-6         # of the unit: no point lies in a lens


@dataclass(frozen=True, eq=False)
class Sights:
    """N sight lines from F cameras to P points."""

    camera: Indices          # [N]
    point: Indices           # [N]
    rays: Array              # [N, 3] unit, camera axes
    sigma_rad: float         # of a good one, on each axis

    def of(self, chosen: Array) -> Sights:
        """Some of them, by a mask or by indices."""
        return replace(self, camera=self.camera[chosen], point=self.point[chosen], rays=self.rays[chosen])


@dataclass(frozen=True, eq=False)
class Scene:
    """F cameras and P points in the first camera's axes."""

    R_first_from_camera: Array   # [F, 3, 3]
    places_first: Array          # [F, 3]
    points: Array                # [P, 4] homogeneous, unit length


def errors(scene: Scene, sights: Sights) -> Array:
    """[N, 2] rad, across each sight line."""
    return np.einsum("nij,ni->nj", across(sights.rays), normalised(_seen(scene, sights)))


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


def _sight(scene: Scene, sights: Sights) -> tuple[Array, Array, Array]:
    """Where points are seen [N, 3] (unit), how far away, times their homogeneous length [N], and the slopes [N, 2, 3]
    of the errors by where they are seen."""
    y = _seen(scene, sights)
    length = np.maximum(np.linalg.norm(y, axis=-1), NEAREST)
    y = y / length[:, None]
    B = across(sights.rays)
    return y, length, np.swapaxes(B - y[:, :, None] * np.einsum("ni,nij->nj", y, B)[:, None], -1, -2)


def camera_slopes(scene: Scene, sights: Sights, moves: bool) -> tuple[Array, Array]:
    """Errors [N, 2] and their slopes [N, 2, 3 or 6] by the camera's turn in its own axes, and by its place."""
    y, length, flat = _sight(scene, sights)
    slopes = [np.cross(flat, y[:, None])]
    if moves:
        nearness = (scene.points[sights.point, 3] / length)[:, None, None]
        slopes.append(-nearness * flat @ np.swapaxes(scene.R_first_from_camera[sights.camera], -1, -2))
    return np.einsum("nij,ni->nj", across(sights.rays), y), np.concatenate(slopes, axis=-1)


def _point_slopes(scene: Scene, sights: Sights, bases: Array) -> Array:
    """[N, 2, D] along the D directions [P, 4, D] in which points may go."""
    _, length, flat = _sight(scene, sights)
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
    by_point = _point_slopes(scene, sights, bases)
    root = np.sqrt(cauchy_weights(error, sights.sigma_rad))[:, None]
    Jc = _sparse(by_camera * root[..., None], sights.camera, len(scene.places_first))
    Jp = _sparse(by_point * root[..., None], sights.point, len(scene.points))
    camera_step, point_step = _eliminated(Jc, Jp, (error * root).ravel(), bases.shape[-1], by_camera.shape[-1], damping)
    points = scene.points + np.einsum("pij,pj->pi", bases, point_step.reshape(len(bases), -1))
    points /= np.linalg.norm(points, axis=-1, keepdims=True)
    stepped = turned_and_moved(scene, camera_step.reshape(len(scene.places_first), -1), moves)
    return replace(stepped, points=points)


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


def _sparse(blocks: Array, column: Indices, count: int) -> sparse.csr_matrix:
    """Block rows [N, 2, D] at block columns [N]."""
    N, _, D = blocks.shape
    pointers = np.arange(N + 1)
    return sparse.bsr_matrix((blocks, column, pointers), shape=(2 * N, D * count)).tocsr()


def _eliminated(
    Jc: sparse.csr_matrix, Jp: sparse.csr_matrix, error: Array, D: int, C: int, damping: float
) -> tuple[Array, Array]:
    """The damped step of cameras and of points; the first camera's is none."""
    V = _point_blocks((Jp.T @ Jp).tocsr(), D)
    V += damping * np.maximum(np.trace(V, axis1=-2, axis2=-1)[:, None, None], 1e-9) * np.eye(D)
    count = len(V)
    inverse = sparse.bsr_matrix((np.linalg.inv(V), np.arange(count), np.arange(count + 1))).tocsr()
    W = (Jc.T @ Jp).tocsr()
    gc, gp = Jc.T @ error, Jp.T @ error
    U = (Jc.T @ Jc).toarray()
    S = U + damping * np.diag(np.diag(U) + 1e-9 * max(U.max(initial=0.0), 1e-12)) - (W @ inverse @ W.T).toarray()
    right = -(gc - W @ (inverse @ gp))
    camera_step = np.zeros(len(gc))
    camera_step[C:] = np.linalg.lstsq(S[C:, C:], right[C:])[0] if _is_singular(S[C:, C:]) else np.linalg.solve(
        S[C:, C:], right[C:])  # fmt: skip
    return camera_step, -(inverse @ (gp + W.T @ camera_step))


def _is_singular(S: Array) -> bool:
    return bool(np.any(np.diag(S) <= 0))


def _point_blocks(V: sparse.csr_matrix, D: int) -> Array:
    """The diagonal blocks [P, D, D] of a matrix that has no others."""
    count = V.shape[0] // D
    blocks = np.zeros((count, D, D))
    coo = V.tocoo()
    blocks[coo.row // D, coo.row % D, coo.col % D] = coo.data
    return blocks
