"""Landmarks in pictures as planes in space: what several cameras say of where a point is, linear in its place.

A landmark at x'/z' of a camera's picture lies on the planes x - z x'/z' = 0 and likewise y, whose residuals are metres
at the point's distance (Hartley and Sturm 1997, Triangulation: Linear-LS), as the landmarks' sigmas are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backend.cameras.projection import NEAREST_M, rays
from backend.lift.refine.trust import landmark_sigma_m
from backend.multiview.rig import Rig
from motion.arrays import Array, Mask

_LEAST_CERTAINTY = 1e-6    # 1/m^2, of what nearly parallel rays leave open


@dataclass(frozen=True, eq=False)
class Planes:
    """Two planes of each landmark in V pictures: rows . X = right for a point X m of the first camera's frame."""

    rows: Array       # [V, T, 33, 2, 3] one over sigma long, so that residuals are in sigmas; 0 where unseen
    right: Array      # [V, T, 33, 2]
    ahead: Array      # [V, 4] of each camera: ahead . (X, 1) is how far before its lens a point lies
    seen: Mask        # [V, T, 33]

    def least(self, weights: Array) -> Array:
        """[T, 33, 3] the points of least squares with weights [V, T, 33]."""
        return np.linalg.solve(self.certainty(weights), self.pull(weights)[..., None])[..., 0]

    def certainty(self, weights: Array) -> Array:
        """[T, 33, 3, 3] 1/m^2 of the points' places."""
        weighted = self.rows * weights[..., None, None]
        return np.einsum("vtpij,vtpik->tpjk", weighted, self.rows) + _LEAST_CERTAINTY * np.eye(3)

    def pull(self, weights: Array) -> Array:
        """[T, 33, 3] the certainty times the points of least squares."""
        return np.einsum("vtpij,vtpi->tpj", self.rows, self.right * weights[..., None])

    def squared(self, points: Array) -> Array:
        """[V, T, 33] squared distances of points [T, 33, 3] from the landmarks, in sigmas."""
        return np.sum((np.einsum("vtpij,tpj->vtpi", self.rows, points) - self.right) ** 2, axis=-1)

    def before_lens(self, points: Array) -> Mask:
        """[V, T, 33]."""
        return np.einsum("vj,tpj->vtp", self.ahead[:, :3], points) + self.ahead[:, 3, None, None] > NEAREST_M

    def about(self, offsets: Array) -> Planes:
        """The same for points of which each lies at an offset [T, 33, 3] m from what is asked for."""
        return replace(self, right=self.right - np.einsum("vtpij,tpj->vtpi", self.rows, offsets))


def planes_of(landmarks_px: Array, scores: Array, rig: Rig) -> Planes:
    """Of landmarks [V, T, 33, 2] with scores [V, T, 33]; NaN, or score 0, where unseen."""
    seen = np.isfinite(landmarks_px).all(axis=-1) & (scores > 0.0)
    known_px = np.where(seen[..., None], landmarks_px, 0.0)
    rows, ahead = [], []
    for view, (R, place) in enumerate(zip(rig.R_first_from_camera, rig.places_first, strict=True)):
        certainty = seen[view] / landmark_sigma_m(known_px[view], scores[view], rig.K[view])
        flat = rays(known_px[view], rig.K[view])[..., :2]
        across = np.concatenate([np.broadcast_to(np.eye(2), (*flat.shape, 2)), -flat[..., None]], axis=-1)
        rows.append(across @ R.T * certainty[..., None, None])
        ahead.append([*R[:, 2], -R[:, 2] @ place])
    stacked = np.stack(rows)
    return Planes(stacked, np.einsum("vtpij,vj->vtpi", stacked, rig.places_first), np.array(ahead), seen)
