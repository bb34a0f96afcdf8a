"""The stool under somebody who sits."""

from __future__ import annotations

import numpy as np

from bench.render.solids import Solid, box
from bench.render.textures import PAINTERS
from motion.arrays import Array

HALF_WIDTH_M, THICKNESS_M, UNDER_PELVIS_M = 0.2, 0.05, 0.12
SEATED_WITHIN_M = 0.03   # of the pelvis' lowest height


def seat_under(frames_m: list[Array], root_world: Array, seed: int) -> list[Solid]:
    """A stool where the pelvis is lowest, as high as the seated body leaves room for.

    frames_m T times [V, 3] m, root_world [T, 3] m of the same frames.
    """
    random = np.random.default_rng([seed, 6])
    seated = root_world[:, 2] < root_world[:, 2].min() + SEATED_WITHIN_M
    place = np.median(root_world[seated], axis=0)
    under = [vertices[np.linalg.norm(vertices[:, :2] - place[:2], axis=1) < UNDER_PELVIS_M, 2].min(initial=np.inf)
             for vertices, sits in zip(frames_m, seated, strict=True) if sits]  # fmt: skip
    top = float(min(under))
    picture = PAINTERS["planks"](random.uniform(0.2, 0.7, 3), random)
    width = 2 * HALF_WIDTH_M
    legs = [box((0.05, 0.05, top - THICKNESS_M), picture, (x * 0.15, y * 0.15, 0.0)) for x in (-1, 1) for y in (-1, 1)]
    board = box((width, width, THICKNESS_M), picture, (0.0, 0.0, top - THICKNESS_M))
    return [solid.moved(np.array([place[0], place[1], 0.0])) for solid in (board, *legs)]
