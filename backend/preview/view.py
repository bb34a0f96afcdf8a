"""A camera that a picture is drawn for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from motion.arrays import Array, Mask

NEAR_M = 0.05  # what is nearer to the camera than this, or behind it, is not drawn


@dataclass(frozen=True, eq=False)
class View:
    """A pinhole camera, OpenCV axes; pixel (0, 0) is the picture's upper left corner, not a pixel's middle."""

    K: Array                      # [3, 3] px
    R_view_from_world: Array      # [3, 3]
    t_view_from_world: Array      # [3] m
    width_px: int
    height_px: int

    def project(self, points_world: npt.NDArray) -> tuple[Array, Array]:
        """Places [..., 2] px and depths [...] m of points [..., 3] m; px mean nothing where depth < NEAR_M."""
        points_view = points_world @ self.R_view_from_world.T + self.t_view_from_world
        depth = points_view[..., 2]
        homogeneous = points_view @ self.K.T
        return homogeneous[..., :2] / np.maximum(depth, NEAR_M)[..., None], depth

    def scaled(self, width_px: int, height_px: int) -> View:
        """The same camera with a picture of another size."""
        scale = np.diag([width_px / self.width_px, height_px / self.height_px, 1.0])
        return View(scale @ self.K, self.R_view_from_world, self.t_view_from_world, width_px, height_px)

    @property
    def centre_world(self) -> Array:
        """Where the camera stands, [3] m."""
        return -self.R_view_from_world.T @ self.t_view_from_world

    def visible_segments(self, starts_world: Array, ends_world: Array) -> tuple[Array, Mask]:
        """Segments [N, 3] to [N, 3] m cut off at the camera's plane: px [N, 2, 2], and which are left at all [N]."""
        ends = np.stack([starts_world, ends_world], axis=1)
        depth = self.project(ends)[1]
        before = depth >= NEAR_M
        cut = before[:, 0] != before[:, 1]
        across = np.where(cut, depth[:, 1] - depth[:, 0], 1.0)
        share = np.where(cut, (NEAR_M - depth[:, 0]) / across, 0.0)[:, None]
        on_plane = ends[:, 0] + share * (ends[:, 1] - ends[:, 0])
        ends = np.where((cut[:, None] & ~before)[..., None], on_plane[:, None], ends)
        return self.project(ends)[0], before.any(axis=1)
