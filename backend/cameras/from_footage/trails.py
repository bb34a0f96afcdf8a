"""Where points of the background lie in the pictures of one shot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.cameras.projection import rays
from motion.arrays import Array, Indices, Mask, check_shape, frozen
from motion.rotations import normalised


@dataclass(frozen=True, eq=False)
class Trails:
    """N sightings of P points in T pictures, sorted by picture; a point that is seen again keeps its number."""

    K: Array                        # [3, 3] px of the pictures looked at, which are smaller than the footage
    picture: Indices                # [N] 0 .. T - 1
    point: Indices                  # [N] 0 .. P - 1
    px: Array                       # [N, 2]
    keyframes: Indices              # [M] pictures, rising, whose points the others are followed from
    R_first_from_camera: Array      # [T, 3, 3] from keyframe to picture one by one: a first guess
    tied: Mask                      # [T] whether the background was found again in the picture
    agreeing: Array                 # [T] 0..1, the share of the points that the guess explains

    def __post_init__(self) -> None:
        shapes = {"K": "3 3", "picture": "N", "point": "N", "px": "N 2", "keyframes": "M",
                  "R_first_from_camera": "T 3 3", "tied": "T", "agreeing": "T"}  # fmt: skip
        kinds = {"picture": np.int64, "point": np.int64, "keyframes": np.int64, "px": np.float32, "tied": np.bool_}
        for name, shape in shapes.items():
            array = frozen(getattr(self, name), kinds.get(name, np.float64))
            check_shape(name, array, shape, N=len(self.picture), T=len(self.tied))
            object.__setattr__(self, name, array)

    @property
    def picture_count(self) -> int:
        return len(self.tied)

    @property
    def point_count(self) -> int:
        return int(self.point.max(initial=-1)) + 1

    def rays_camera(self) -> Array:
        """[N, 3] unit vectors."""
        return normalised(rays(self.px.astype(float), self.K))
