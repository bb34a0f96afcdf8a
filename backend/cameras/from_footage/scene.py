"""Cameras, points, and the sight lines between them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from motion.arrays import Array, Indices, Mask


@dataclass(frozen=True, eq=False)
class Sights:
    """N sight lines from F cameras to P points."""

    camera: Indices          # [N]
    point: Indices           # [N]
    rays: Array              # [N, 3] unit, camera axes
    sigma_rad: float         # of a good one, on each axis

    def of(self, chosen: Mask | Indices) -> Sights:
        """Some of them."""
        return replace(self, camera=self.camera[chosen], point=self.point[chosen], rays=self.rays[chosen])


@dataclass(frozen=True, eq=False)
class Scene:
    """F cameras and P points in the first camera's axes."""

    R_first_from_camera: Array   # [F, 3, 3]
    places_first: Array          # [F, 3]
    points: Array                # [P, 4] homogeneous, unit length
