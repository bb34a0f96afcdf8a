"""Points that several cameras see, in the frame of the first; robust, since any of the cameras may be wrong.

Linear least squares on viewing rays (Hartley and Sturm 1997, Triangulation: Linear-LS), whose residuals are metres at
the point's distance, as the landmarks' sigmas are; so nothing is left for steps on pixels to mend. Weights are robust
as Geman and McClure 1987. The start is what fits best of all views together, of every pair of few, and of all of many
but one: of three views that see a point, one that contradicts the others has no say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from backend.cameras.projection import NEAREST_M, projected, rays
from backend.lift.refine.trust import landmark_sigma_m
from backend.multiview.rig import Rig
from motion.arrays import Array, Mask

_ROUNDS = 6
_GROSS = 4.0               # sigmas from which a view is doubted
_FEW_VIEWS = 4             # of so many every pair is tried
_LEAST_CERTAINTY = 1e-6    # 1/m^2, of what nearly parallel rays leave open


@dataclass(frozen=True, eq=False)
class Triangulated:
    """Landmarks of T frames; NaN where fewer than two of V cameras saw them."""

    points_first: Array    # [T, 33, 3] m
    covariance: Array      # [T, 33, 3, 3] m^2, as if errors of all frames and views were independent
    off_px: Array          # [V, T, 33, 2] from where the point was seen to where it falls; NaN where it was not seen
    weights: Array         # [V, T, 33] 0..1 what is left of each view's say; 0 where it has none


def triangulated(landmarks_px: Array, scores: Array, rig: Rig) -> Triangulated:
    """Of landmarks [V, T, 33, 2] with scores [V, T, 33]; NaN, or score 0, where unseen."""
    seen = np.isfinite(landmarks_px).all(axis=-1) & (scores > 0.0)
    views = _Views.of(np.where(seen[..., None], landmarks_px, 0.0), scores, seen, rig)
    points = views.start()
    for _ in range(_ROUNDS):
        weights = views.weights(points)
        points = views.least(weights)
    told = (views.weights(points) > 0.0).sum(axis=0) >= 2
    weights = np.where(told, views.weights(points), 0.0)
    covariance = np.linalg.inv(views.certainty(weights))
    off_px = np.stack([projected(rig.in_camera(view, points), rig.K[view]) for view in range(rig.count)]) - landmarks_px
    return Triangulated(np.where(told[..., None], points, np.nan), np.where(told[..., None, None], covariance, np.nan),
                        np.where((seen & told)[..., None], off_px, np.nan), weights)  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Views:
    """The landmarks as planes: a . (X - place) = 0, of V views, two planes each."""

    rows: Array       # [V, T, 33, 2, 3] a, one over sigma long: in sigmas for X in m
    right: Array      # [V, T, 33, 2] a . place
    ahead: Array      # [V, 4] how far before the lens a point of the first frame lies: ahead . (X, 1)
    seen: Mask        # [V, T, 33]

    @classmethod
    def of(cls, landmarks_px: Array, scores: Array, seen: Mask, rig: Rig) -> _Views:
        rows, ahead = [], []
        for view, (R, place) in enumerate(zip(rig.R_first_from_camera, rig.places_first, strict=True)):
            sigma_m = landmark_sigma_m(landmarks_px[view], scores[view], rig.K[view])
            flat = rays(landmarks_px[view], rig.K[view])[..., :2]
            planes = np.concatenate([np.broadcast_to(np.eye(2), (*flat.shape, 2)), -flat[..., None]], axis=-1)
            rows.append(planes @ R.T * (seen[view] / sigma_m)[..., None, None])
            ahead.append([*R[:, 2], -R[:, 2] @ place])
        stacked = np.stack(rows)
        return cls(stacked, np.einsum("vtpij,vj->vtpi", stacked, rig.places_first), np.array(ahead), seen)

    def start(self) -> Array:
        """[T, 33, 3] of the choice of views whose point fits all of them best."""
        best = least_cost = None
        for chosen in _choices(len(self.rows)):
            points = self.least(self.seen * np.isin(np.arange(len(self.rows)), chosen)[:, None, None])
            cost = self._cost(points)
            if best is None or least_cost is None:
                best, least_cost = points, cost
            better = cost < least_cost
            best, least_cost = np.where(better[..., None], points, best), np.where(better, cost, least_cost)
        assert best is not None
        return best

    def least(self, weights: Array) -> Array:
        """[T, 33, 3] the points of least squares."""
        pull = np.einsum("vtp,vtpij,vtpi->tpj", weights, self.rows, self.right)
        return np.linalg.solve(self.certainty(weights), pull[..., None])[..., 0]

    def certainty(self, weights: Array) -> Array:
        """[T, 33, 3, 3] 1/m^2."""
        return np.einsum("vtp,vtpij,vtpik->tpjk", weights, self.rows, self.rows) + _LEAST_CERTAINTY * np.eye(3)

    def weights(self, points: Array) -> Array:
        """[V, T, 33] robust weights; 0 where a point is unseen, or would lie behind the lens."""
        return self.seen * self._before_lens(points) / (1.0 + self._squared(points) / _GROSS**2) ** 2

    def _cost(self, points: Array) -> Array:
        squared = np.where(self._before_lens(points), self._squared(points), np.inf)
        return np.sum(self.seen * _GROSS**2 / (1.0 + _GROSS**2 / np.maximum(squared, 1e-12)), axis=0)

    def _squared(self, points: Array) -> Array:
        return np.sum((np.einsum("vtpij,tpj->vtpi", self.rows, points) - self.right) ** 2, axis=-1)

    def _before_lens(self, points: Array) -> Mask:
        return np.einsum("vj,tpj->vtp", self.ahead[:, :3], points) + self.ahead[:, 3, None, None] > NEAREST_M


def _choices(views: int) -> Iterator[tuple[int, ...]]:
    """All views; of three or more, also every pair, or of many, all but one."""
    yield tuple(range(views))
    if views >= 3:
        yield from combinations(range(views), 2 if views <= _FEW_VIEWS else views - 1)
