"""Between points in front of a camera and pixels."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array

NEAREST_M = 0.05   # nothing is nearer to the lens; keeps projections finite


def projected(points_camera: Array, K: Array) -> Array:
    """Points [..., 3] m to pixels [..., 2]; points behind the lens are treated as just before it."""
    depth = np.maximum(points_camera[..., 2:], NEAREST_M)
    flat = points_camera[..., :2] / depth
    return flat * np.array([K[0, 0], K[1, 1]]) + K[:2, 2]


def rays(points_px: Array, K: Array) -> Array:
    """Viewing rays [..., 3] with z = 1 through pixels [..., 2]."""
    flat = (points_px - K[:2, 2]) / np.array([K[0, 0], K[1, 1]])
    return np.concatenate([flat, np.ones_like(flat[..., :1])], axis=-1)


def root_by_reprojection(points_from_root: Array, points_px: Array, weights: Array, K: Array) -> Array:
    """Where the root must be so that points about it fall onto their pixels: least squares, linear.

    points_from_root [T, L, 3] m in camera axes, points_px [T, L, 2], weights [T, L] >= 0 (0 where unknown).
    Every point X gives (X + p)_x = u (X + p)_z and the same in y, with (u, v) its ray. Returns p [T, 3] m.
    """
    known = np.isfinite(points_px).all(axis=-1) & (weights > 0)
    uv = np.where(known[..., None], rays(points_px, K)[..., :2], 0.0)
    weights = np.where(known, weights, 0.0)
    one, zero = np.ones_like(weights), np.zeros_like(weights)
    X, Y, Z = np.moveaxis(np.where(known[..., None], points_from_root, 0.0), -1, 0)
    rows = np.concatenate([np.stack([one, zero, -uv[..., 0]], -1), np.stack([zero, one, -uv[..., 1]], -1)], axis=1)
    right = np.concatenate([uv[..., 0] * Z - X, uv[..., 1] * Z - Y], axis=1)
    both = np.concatenate([weights, weights], axis=1)
    normal = np.einsum("tli,tl,tlj->tij", rows, both, rows) + 1e-9 * np.eye(3)
    return np.linalg.solve(normal, np.einsum("tli,tl,tl->ti", rows, both, right)[..., None])[..., 0]
