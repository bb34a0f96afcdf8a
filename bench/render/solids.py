"""Surfaces to be rendered: polygons with a picture on them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from motion.arrays import Array, Indices
from motion.rotations import matrix_from_axis_angle


@dataclass(frozen=True, eq=False)
class Solid:
    """F polygons of N corners over V vertices; `uv` in repeats of the picture."""

    vertices: Array     # [V, 3] m
    faces: Indices      # [F, N]
    uv: Array           # [F, N, 2]
    picture: Array      # [H, W, 3] 0..1 sRGB
    casts_shadow: bool = True

    def moved(self, place: Array, turn_rad: float = 0.0) -> Solid:
        R = matrix_from_axis_angle(np.array([0.0, 0.0, turn_rad]))
        return replace(self, vertices=self.vertices @ R.T + place)


_BOX_CORNERS = np.array([[x, y, z] for z in (0, 1) for y in (-0.5, 0.5) for x in (-0.5, 0.5)])
_BOX_FACES = np.array([[0, 1, 5, 4], [1, 3, 7, 5], [3, 2, 6, 7], [2, 0, 4, 6], [4, 5, 7, 6], [2, 3, 1, 0]])
_BOX_AXES = ((0, 2), (1, 2), (0, 2), (1, 2), (0, 1), (0, 1))


def box(size: tuple[float, float, float], picture: Array, at: tuple[float, float, float] = (0.0, 0.0, 0.0),
        picture_m: float = 1.0) -> Solid:
    """A box standing on z = at[2], its middle at x, y; one picture spans `picture_m`."""
    vertices = _BOX_CORNERS * np.array(size) + np.array(at)
    uv = np.stack([(_BOX_CORNERS * size)[face][:, axes] for face, axes in zip(_BOX_FACES, _BOX_AXES)]) / picture_m
    return Solid(vertices, _BOX_FACES, uv, picture)


def plane(half_m: float, picture: Array, picture_m: float) -> Solid:
    """The floor at z = 0, square about the origin."""
    corners = half_m * np.array([[-1.0, -1.0, 0.0], [1.0, -1.0, 0.0], [1.0, 1.0, 0.0], [-1.0, 1.0, 0.0]])
    return Solid(corners, np.arange(4)[None], corners[None, :, :2] / picture_m, picture, casts_shadow=False)


def wall(start: Array, end: Array, height_m: float, picture: Array, picture_m: float) -> Solid:
    """An upright between two places [2] m on the floor."""
    low, high = np.array([*start, 0.0]), np.array([*end, 0.0])
    up = np.array([0.0, 0.0, height_m])
    length = float(np.linalg.norm(high - low))
    uv = np.array([[0, 0], [length, 0], [length, height_m], [0, height_m]]) / picture_m
    return Solid(np.stack([low, high, high + up, low + up]), np.arange(4)[None], uv[None], picture,
                 casts_shadow=False)  # fmt: skip


def ball(radii: tuple[float, float, float], picture: Array, repeats: float = 2.0, rings: int = 8,
         top_share: float = 1.0) -> Solid:
    """An ellipsoid about the origin; `top_share` 0.5 leaves the lower half out."""
    v, u = np.linspace(0.0, top_share, rings + 1), np.linspace(0.0, 1.0, 2 * rings + 1)
    polar, around = np.pi * v[:, None], 2 * np.pi * u[None]
    unit = np.stack([np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around),
                     np.cos(polar) * np.ones_like(around)], axis=-1)  # fmt: skip
    index = np.arange(unit[..., 0].size).reshape(unit.shape[:2])
    faces = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1).reshape(-1, 4)
    places = np.stack(np.broadcast_arrays(u[None], 1.0 - v[:, None]), axis=-1).reshape(-1, 2)
    return Solid(unit.reshape(-1, 3) * np.array(radii), faces, repeats * places[faces], picture)
