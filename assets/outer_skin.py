"""Which faces of a mesh can be seen from outside, and smoothing as a linear map."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix, diags

from assets.makehuman_files import Floats

VIEW_COUNT = 80
METRES_PER_PIXEL = 0.0004


def visible_faces(
    vertices: Floats, faces: NDArray[np.int64], mirror: NDArray[np.int64], margin: int
) -> NDArray[np.bool_]:
    """[F] true where a face [F, N] or its mirror image is seen from anywhere, and for `margin` rings around."""
    seen = np.zeros(len(faces), bool)
    for direction in _directions(VIEW_COUNT):
        seen[_seen_from(direction, vertices, faces)] = True
    for _ in range(margin):
        touched = np.zeros(len(vertices), bool)
        touched[faces[seen]] = True
        seen = (touched | touched[mirror])[faces].any(axis=1)
    return seen


def _directions(count: int) -> Floats:
    """Unit vectors spread evenly over the sphere by the golden angle, [N, 3]."""
    height = 1.0 - (2.0 * np.arange(count) + 1.0) / count
    angle = np.pi * (3.0 - np.sqrt(5.0)) * np.arange(count)
    radius = np.sqrt(1.0 - height**2)
    return np.stack([radius * np.cos(angle), height, radius * np.sin(angle)], axis=1)


def _seen_from(towards_viewer: Floats, vertices: Floats, faces: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of the faces left on top when all are painted from the far to the near."""
    right = np.cross(np.eye(3)[np.argmin(np.abs(towards_viewer))], towards_viewer)
    right /= np.linalg.norm(right)
    plane = np.stack([right, np.cross(towards_viewer, right)], axis=1)
    pixels = vertices @ plane / METRES_PER_PIXEL
    pixels -= pixels[faces].min(axis=(0, 1))
    width, height = (pixels[faces].max(axis=(0, 1)) + 2).astype(int)
    painted = np.zeros((height, width, 3), np.uint8)
    corners = np.round(pixels[faces] * 16).astype(np.int32)
    for face in np.argsort((vertices[faces] @ towards_viewer).mean(axis=1)):
        number = int(face) + 1
        cv2.fillConvexPoly(painted, corners[face], (number & 255, number >> 8 & 255, number >> 16), shift=4)
    numbers = painted.astype(np.int64) @ np.array([1, 256, 65536])
    return np.unique(numbers[numbers > 0]) - 1


def smoothing(vertex_count: int, quads: NDArray[np.int64], amount: Floats, rounds: int) -> csr_matrix:
    """The linear map [V, V] that moves each vertex `amount` [V] of the way to its neighbours' mean, `rounds` times."""
    edges = np.concatenate([quads[:, [corner, (corner + 1) % 4]] for corner in range(4)])
    edges = np.unique(np.concatenate([edges, edges[:, ::-1]]), axis=0)
    joined = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(vertex_count,) * 2).tocsr()
    mean = diags(1.0 / np.maximum(joined.sum(axis=1).A1, 1.0)) @ joined
    step = diags(1.0 - amount) + diags(amount) @ mean
    total = step
    for _ in range(rounds - 1):
        total = total @ step
    return total
