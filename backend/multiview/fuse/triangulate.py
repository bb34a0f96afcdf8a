"""Points that several cameras see, in the frame of the first; robust, since any of the cameras may be wrong.

Linear least squares with weights as Geman and McClure 1987. The start is what fits best of all views together, of every
pair of few, and of all of many but one: of three views that see a point, one that contradicts the others has no say.
Residuals in metres at the point's distance leave nothing for steps on pixels to mend.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from backend.cameras.projection import projected
from backend.multiview.fuse.planes import Planes, planes_of
from backend.multiview.rig import Rig
from motion.arrays import Array

_ROUNDS = 6
_GROSS = 4.0               # sigmas from which a view is doubted
_FEW_VIEWS = 4             # of so many every pair is tried


@dataclass(frozen=True, eq=False)
class Triangulated:
    """Landmarks of T frames; NaN where fewer than two of V cameras saw them."""

    points_first: Array    # [T, 33, 3] m
    covariance: Array      # [T, 33, 3, 3] m^2, as if errors of all frames and views were independent
    off_px: Array          # [V, T, 33, 2] from where the point was seen to where it falls; NaN where it was not seen
    weights: Array         # [V, T, 33] 0..1 what is left of each view's say; 0 where it has none


def triangulated(landmarks_px: Array, scores: Array, rig: Rig) -> Triangulated:
    """Of landmarks [V, T, 33, 2] with scores [V, T, 33]; NaN, or score 0, where unseen."""
    planes = planes_of(landmarks_px, scores, rig)
    points = _start(planes)
    for _ in range(_ROUNDS):
        points = planes.least(robust_weights(planes, points))
    weights = robust_weights(planes, points)
    told = (weights > 0.0).sum(axis=0) >= 2
    covariance = np.linalg.inv(planes.certainty(weights))
    off_px = np.stack([projected(rig.in_camera(view, points), rig.K[view]) for view in range(rig.count)]) - landmarks_px
    return Triangulated(np.where(told[..., None], points, np.nan), np.where(told[..., None, None], covariance, np.nan),
                        np.where((planes.seen & told)[..., None], off_px, np.nan), weights * told)  # fmt: skip


def robust_weights(planes: Planes, points: Array) -> Array:
    """[V, T, 33] for points [T, 33, 3]; 0 where a point is unseen, or would lie behind the lens."""
    return planes.seen * planes.before_lens(points) / (1.0 + planes.squared(points) / _GROSS**2) ** 2


def _start(planes: Planes) -> Array:
    """[T, 33, 3] of the choice of views whose point fits all of them best."""
    count = len(planes.rows)
    points = planes.least(planes.seen.astype(float))
    least = _cost(planes, points)
    for chosen in _choices(count):
        tried = planes.least(planes.seen * np.isin(np.arange(count), chosen)[:, None, None])
        cost = _cost(planes, tried)
        points, least = np.where((cost < least)[..., None], tried, points), np.minimum(cost, least)
    return points


def _cost(planes: Planes, points: Array) -> Array:
    """[T, 33]."""
    squared = np.where(planes.before_lens(points), planes.squared(points), np.inf)
    return np.sum(planes.seen * _GROSS**2 / (1.0 + _GROSS**2 / np.maximum(squared, 1e-12)), axis=0)


def _choices(views: int) -> Iterator[tuple[int, ...]]:
    """Of three views or more: every pair, or of many all but one."""
    if views >= 3:
        yield from combinations(range(views), 2 if views <= _FEW_VIEWS else views - 1)
