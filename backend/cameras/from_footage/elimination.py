"""The step of cameras and points that share sight lines, points eliminated first (Schur's complement)."""

from __future__ import annotations

import numpy as np

from backend.cameras.from_footage.scene import Sights
from motion.arrays import Array, Indices

POINTS_AT_ONCE = 256     # their dense rows stay in the cache of the processor
LEAST = 1e-12


def damped_step(
    sights: Sights, counts: tuple[int, int], by_camera: Array, by_point: Array, error: Array, damping: float
) -> tuple[Array, Array]:
    """The damped step of least squares: cameras [F, C] and points [P, D]; that of the first camera is none.

    counts are (F, P), since not all of them need be seen. by_camera [N, 2, C] and by_point [N, 2, D] are slopes of the
    errors [N, 2], all with their weights.
    """
    F, P = counts
    U = summed(np.swapaxes(by_camera, -1, -2) @ by_camera, sights.camera, F)
    V = _damped(summed(np.swapaxes(by_point, -1, -2) @ by_point, sights.point, P), damping)
    g_camera = summed(np.einsum("nkc,nk->nc", by_camera, error), sights.camera, F)
    g_point = summed(np.einsum("nkd,nk->nd", by_point, error), sights.point, P)
    half = np.linalg.inv(np.linalg.cholesky(V))
    W = np.swapaxes(by_camera, -1, -2) @ by_point @ np.swapaxes(half[sights.point], -1, -2)
    halved = np.einsum("pij,pj->pi", half, g_point)
    S = _complement(_damped(U, damping), W, sights.camera, sights.point)
    right = summed(np.einsum("ncd,nd->nc", W, halved[sights.point]), sights.camera, F) - g_camera
    C = by_camera.shape[-1]
    camera_step = np.zeros((F, C))
    camera_step[1:] = np.linalg.solve(S[C:, C:], right.ravel()[C:]).reshape(-1, C)
    back = summed(np.einsum("ncd,nc->nd", W, camera_step[sights.camera]), sights.point, P)
    return camera_step, -np.einsum("pji,pj->pi", half, halved + back)


def summed(values: Array, index: Indices, count: int) -> Array:
    """Sums of values [N, ...] over equal indices [N], [count, ...]."""
    flat = values.reshape(len(values), -1)
    sums = np.stack([np.bincount(index, column, count) for column in flat.T], axis=-1)
    return sums.reshape(count, *values.shape[1:])


def _damped(blocks: Array, damping: float) -> Array:
    """Blocks [.., D, D] with something on every diagonal, in each block's own size."""
    size = np.trace(blocks, axis1=-2, axis2=-1) / blocks.shape[-1]
    return blocks + (damping * size + LEAST)[..., None, None] * np.eye(blocks.shape[-1])


def _complement(U: Array, W: Array, camera: Indices, point: Indices) -> Array:
    """The matrix of the cameras alone [F C, F C]. Points are taken in groups that few cameras see."""
    F, C, _ = U.shape
    S = np.zeros((F, C, F, C))
    S[np.arange(F), :, np.arange(F)] = U
    order = np.argsort(point, kind="stable")
    for sights in np.split(order, np.flatnonzero(np.diff(point[order] // POINTS_AT_ONCE)) + 1):
        cameras, row = np.unique(camera[sights], return_inverse=True)
        Y = np.zeros((len(cameras), C, POINTS_AT_ONCE, W.shape[-1]))
        Y[row, :, point[sights] % POINTS_AT_ONCE] = W[sights]
        flat = Y.reshape(len(cameras) * C, -1)
        part = (flat @ flat.T).reshape(len(cameras), C, len(cameras), C)
        S[cameras[:, None], :, cameras] -= np.moveaxis(part, 1, 2)
    return S.reshape(F * C, F * C)
