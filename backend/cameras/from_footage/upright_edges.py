"""Straight edges of the background that may stand upright: corners of rooms, frames of doors, posts."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.cameras.from_footage.lucas_kanade import Grey
from backend.cameras.from_footage.people_masks import MaskPicture
from motion.arrays import Array
from motion.rotations import normalised

SHORTEST = 0.06      # of the picture's height
MOST_LEAN_DEG = 25.0  # against the picture's side: what a roll of that size, or a look down through a wide lens, makes
LOWEST_TOP = 0.6     # of the height: what does not come up so far is mostly joints of a floor that runs away
MOST = 40            # of one picture, the longest
ALONG = np.linspace(0.0, 1.0, 9)   # where an edge is asked whether somebody stands before it


def upright_edges(grey: Grey, outside: MaskPicture, K: Array) -> Array:
    """Unit normals [N, 3] of planes through the lens and edges, in the picture's camera; the longest edges first.

    `outside` is 255 where nobody is seen. K [3, 3] px of this picture. Edges are those of the line segment detector
    (Grompone von Gioi et al. 2012) in OpenCV.
    """
    found = cv2.createLineSegmentDetector().detect(grey)[0]
    if found is None:
        return np.zeros((0, 3))
    starts, ends = np.split(found.reshape(-1, 4).astype(np.float64), 2, axis=-1)
    across, along = np.abs(ends - starts).T
    length = np.hypot(across, along)
    chosen = (length > SHORTEST * grey.shape[0]) & (across < np.tan(np.deg2rad(MOST_LEAN_DEG)) * along)
    chosen &= np.minimum(starts[:, 1], ends[:, 1]) < LOWEST_TOP * grey.shape[0]
    chosen &= _free(starts, ends, outside)
    longest = np.flatnonzero(chosen)[np.argsort(-length[chosen], kind="stable")[:MOST]]
    return normalised(np.cross(_rays(starts[longest], K), _rays(ends[longest], K)))


def in_first_axes(edges: Iterable[tuple[int, Array]], path: CameraPath) -> Array:
    """Normals [V, 3] in the first camera's axes, from those [N, 3] of pictures of the path, by number."""
    turned = [normals @ path.R_first_from_camera[picture].T for picture, normals in edges]
    return np.concatenate([np.zeros((0, 3)), *turned])


def _free(starts: Array, ends: Array, outside: MaskPicture) -> Array:
    """[N] whether nobody is seen anywhere along edges."""
    px = starts[:, None] + ALONG[:, None] * (ends - starts)[:, None]
    column, row = np.clip(np.rint(px).astype(int), 0, np.array(outside.shape[::-1]) - 1).transpose(2, 0, 1)
    return (outside[row, column] > 0).all(axis=1)


def _rays(px: Array, K: Array) -> Array:
    return np.linalg.solve(K, np.concatenate([px, np.ones((len(px), 1))], axis=1).T).T
