"""Few samples for many: the means of those that are alike, so that the few tell more of what may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.arrays import Array, Indices

_ROUNDS = 12


@dataclass(frozen=True, eq=False)
class Groups:
    """M samples in N groups, none of which is empty."""

    group: Indices    # [M]
    shares: Array     # [N] of the samples

    def means(self, values: Array) -> Array:
        """[N, ...] of values [M, ...]."""
        total = np.zeros((len(self.shares), *values.shape[1:]), values.dtype)
        np.add.at(total, self.group, values)
        counts = np.bincount(self.group, minlength=len(self.shares))
        return total / counts.reshape(-1, *[1] * (values.ndim - 1))


def grouped(points: Array, count: int, seed: int) -> Groups:
    """Samples by where their points [M, D] lie, in `count` groups (k-means, Lloyd 1982, begun as k-means++)."""
    if count >= len(points):
        return Groups(np.arange(len(points)), np.full(len(points), 1.0 / len(points)))
    middles = _begun(points, count, np.random.default_rng(seed))
    for _ in range(_ROUNDS):
        group = _filled(_squared(points, middles))
        middles = Groups(group, np.ones(count)).means(points)
    return Groups(group, np.bincount(group, minlength=count) / len(points))


def _begun(points: Array, count: int, chance: np.random.Generator) -> Array:
    """Middles [N, D] among the points, each by chance among those far from the ones before."""
    chosen = [int(chance.integers(len(points)))]
    for _ in range(count - 1):
        nearest = _squared(points, points[chosen]).min(axis=1)
        total = nearest.sum()
        shares = nearest / total if total > 0 else np.full(len(points), 1.0 / len(points))
        chosen.append(int(chance.choice(len(points), p=shares)))
    return points[chosen]


def _squared(points: Array, middles: Array) -> Array:
    """[M, N] squared distances."""
    products = points @ middles.T
    return np.maximum(0.0, (points**2).sum(1)[:, None] + (middles**2).sum(1) - 2.0 * products)


def _filled(distances: Array) -> Indices:
    """The nearest group of each sample; an empty one takes the sample that lies farthest from its own."""
    group, count = distances.argmin(axis=1), distances.shape[1]
    for empty in np.flatnonzero(np.bincount(group, minlength=count) == 0):
        is_among_others = np.bincount(group, minlength=count)[group] > 1
        own = np.where(is_among_others, distances[np.arange(len(group)), group], -1.0)
        group[own.argmax()] = empty
    return group
