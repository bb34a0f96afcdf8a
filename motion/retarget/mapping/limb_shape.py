"""Which bones of a path are the two long segments of a limb, by their proportions alone.

The weights were set so that all made-up rigs (bench/rigs) are found without their names, with hair, skirts, wings and
weapons added by chance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import log

import numpy as np

from .bone_tree import BoneTree
from .mirrored_pairs import Pair

_MOST_BONES = 12          # of a path, from the body: arms with all their twist bones, and fingers
_UPPER_TO_LOWER_ARM, _THIGH_TO_SHIN = 1.12, 1.0
_SHORTEST = 1e-6          # m


@dataclass(frozen=True)
class LimbShape:
    """Places in a pair's paths: where the upper and the lower segment begin, and where hand or foot does."""

    pair: Pair
    upper: int
    lower: int
    end: int
    cost: float     # 0 is a perfect limb, from about 2 on it is none
    length: float   # of both segments, m


class _Path:
    """Lengths along the first path of a pair, m."""

    def __init__(self, tree: BoneTree, pair: Pair) -> None:
        heads, others = pair.heads(tree, 0), pair.heads(tree, 1)
        self.count = len(heads)
        self.heights: list[float] = heads[:, 2].tolist()
        self.apart: list[list[float]] = np.linalg.norm(heads[:, None] - heads, axis=-1).tolist()
        self.widths: list[float] = np.linalg.norm(heads - others, axis=-1).tolist()
        steps = np.linalg.norm(np.diff(heads, axis=0), axis=-1)
        self.along: list[float] = [0.0, *np.cumsum(steps).tolist()]

    def length(self, upper: int, lower: int, end: int) -> float:
        return self.apart[upper][lower] + self.apart[lower][end]

    def has_both_segments(self, upper: int, lower: int, end: int) -> bool:
        return min(self.apart[upper][lower], self.apart[lower][end]) > _SHORTEST

    def unlike_limb(self, upper: int, lower: int, end: int, ratio: float) -> float:
        """How far both segments are from straight ones of the wanted proportion."""
        bent = 1.0 - self.length(upper, lower, end) / (self.along[end] - self.along[upper])
        return 2.0 * abs(log(self.apart[upper][lower] / self.apart[lower][end] / ratio)) + 8.0 * bent

    def goes_straight_on(self, lower: int, end: int) -> float:
        """Feet turn forward from the shin: a path that goes on as before was not at its ankle yet."""
        if end == self.count - 1:
            return 0.5
        before, after, both = self.apart[lower][end], self.apart[end][end + 1], self.apart[lower][end + 1]
        if after < _SHORTEST:
            return 0.0
        cosine = (both**2 - before**2 - after**2) / (2.0 * before * after)
        return 10.0 * max(0.0, cosine - 0.8)


def as_leg(tree: BoneTree, pair: Pair) -> LimbShape | None:
    """The likeliest hip, knee and ankle of a pair."""
    path = _Path(tree, pair)

    def cost(upper: int, lower: int, end: int) -> float:
        length = path.length(upper, lower, end)
        falls = (path.heights[upper] - path.heights[end]) / length
        narrow = max(0.0, 0.12 - path.widths[upper] / length)
        lead = max(0.0, path.along[upper] / length - 0.25)
        unlike_leg = 4.0 * max(0.0, 0.85 - falls) + 3.0 * narrow + 4.0 * lead + path.goes_straight_on(lower, end)
        return path.unlike_limb(upper, lower, end, _THIGH_TO_SHIN) + unlike_leg

    return _best(pair, path, cost)


def as_arm(tree: BoneTree, pair: Pair) -> LimbShape | None:
    """The likeliest shoulder, elbow and wrist of a pair."""
    path = _Path(tree, pair)
    fingers = [len(pair.matched[0].intersection(tree.children[bone])) for bone in pair.paths[0]]

    def cost(upper: int, lower: int, end: int) -> float:
        length = path.length(upper, lower, end)
        narrow = max(0.0, 0.3 - path.widths[upper] / length)
        lead = max(0.0, path.along[upper] / length - 0.4)
        rest = max(0.0, (path.along[-1] - path.along[end]) / length - 0.5)
        hand = -0.8 if fingers[end] > 1 else 0.4 if end == path.count - 1 else 0.0
        return path.unlike_limb(upper, lower, end, _UPPER_TO_LOWER_ARM) + 4.0 * narrow + 2.0 * lead + 4.0 * rest + hand

    return _best(pair, path, cost)


def _best(pair: Pair, path: _Path, cost: Callable[[int, int, int], float]) -> LimbShape | None:
    places = combinations(range(min(path.count, _MOST_BONES)), 3)
    costs = {place: cost(*place) for place in places if path.has_both_segments(*place)}
    if not costs:
        return None
    # Of several bones in one place the last one is meant: what is above it there helps the shoulder.
    best = min(costs, key=lambda place: (round(costs[place], 3), [-each for each in place]))
    return LimbShape(pair, *best, cost=costs[best], length=path.length(*best))
