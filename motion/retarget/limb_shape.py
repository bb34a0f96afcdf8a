"""Which bones of a path are the two long segments of a limb, by their proportions alone.

The shares were set on the made-up rigs of every family (bench/rigs) and on Rigify's metarigs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..arrays import Array
from .bone_tree import BoneTree
from .mirrored_pairs import Pair

_MOST_BONES = 12          # of a path, from the body: arms with all their twist bones, and fingers
_UPPER_TO_LOWER_ARM, _THIGH_TO_SHIN = 1.12, 1.0


@dataclass(frozen=True)
class LimbShape:
    """Places in a pair's paths: where the upper and the lower segment begin, and where hand or foot does."""

    pair: Pair
    upper: int
    lower: int
    end: int
    cost: float     # 0 is a perfect limb, from about 2 on it is none
    length: float   # of both segments, m


def as_leg(tree: BoneTree, pair: Pair) -> LimbShape | None:
    """The likeliest hip, knee and ankle of a pair."""
    heads, width, along = pair.heads(tree, 0), _widths(tree, pair), _along(pair.heads(tree, 0))

    def cost(upper: int, lower: int, end: int) -> float:
        length, segments = _segments(heads, upper, lower, end, _THIGH_TO_SHIN)
        falls = (heads[upper, 2] - heads[end, 2]) / length
        narrow = max(0.0, 0.12 - width[upper] / length)
        lead = max(0.0, along[upper] / length - 0.25)
        unlike = 4.0 * max(0.0, 0.85 - falls) + 3.0 * narrow + 4.0 * lead
        return segments + unlike + _goes_straight_on(heads, lower, end)

    return _best(pair, heads, cost)


def as_arm(tree: BoneTree, pair: Pair) -> LimbShape | None:
    """The likeliest shoulder, elbow and wrist of a pair."""
    heads, width, along = pair.heads(tree, 0), _widths(tree, pair), _along(pair.heads(tree, 0))
    fingers = [len(pair.matched[0].intersection(tree.children[bone])) for bone in pair.paths[0]]

    def cost(upper: int, lower: int, end: int) -> float:
        length, segments = _segments(heads, upper, lower, end, _UPPER_TO_LOWER_ARM)
        narrow = max(0.0, 0.3 - width[upper] / length)
        lead = max(0.0, along[upper] / length - 0.4)
        rest = max(0.0, (along[-1] - along[end]) / length - 0.5)
        ends = 0.4 if end == len(heads) - 1 else 0.0
        return segments + 4.0 * narrow + 4.0 * lead + 4.0 * rest + ends - (0.8 if fingers[end] > 1 else 0.0)

    return _best(pair, heads, cost)


def _best(pair: Pair, heads: Array, cost) -> LimbShape | None:
    places = combinations(range(min(len(heads), _MOST_BONES)), 3)
    costs = {place: cost(*place) for place in places if _long(heads, *place)}
    if not costs:
        return None
    # Of several bones in one place the last one is meant: what is above it there helps the shoulder.
    upper, lower, end = best = min(costs, key=lambda place: (round(costs[place], 3), [-each for each in place]))
    length = float(np.linalg.norm(heads[lower] - heads[upper]) + np.linalg.norm(heads[end] - heads[lower]))
    return LimbShape(pair, upper, lower, end, costs[best], length)


def _long(heads: Array, upper: int, lower: int, end: int) -> bool:
    return min(np.linalg.norm(heads[lower] - heads[upper]), np.linalg.norm(heads[end] - heads[lower])) > 1e-6


def _segments(heads: Array, upper: int, lower: int, end: int, ratio: float) -> tuple[float, float]:
    """Length of both segments, and how far they are from straight ones of the wanted proportion."""
    first, second = np.linalg.norm(heads[lower] - heads[upper]), np.linalg.norm(heads[end] - heads[lower])
    path = np.linalg.norm(np.diff(heads[upper : end + 1], axis=0), axis=-1).sum()
    bent = 1.0 - (first + second) / path
    return first + second, 2.0 * abs(np.log(first / second / ratio)) + 8.0 * bent


def _goes_straight_on(heads: Array, lower: int, end: int) -> float:
    """Feet turn forward from the shin; a path that goes on as before was not at its ankle yet."""
    if end == len(heads) - 1:
        return 0.5
    before, after = heads[end] - heads[lower], heads[end + 1] - heads[end]
    scale = np.linalg.norm(before) * np.linalg.norm(after)
    return 10.0 * max(0.0, float(before @ after) / scale - 0.8) if scale > 0.0 else 0.0


def _along(heads: Array) -> Array:
    """How far along the path each head is, m."""
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(heads, axis=0), axis=-1))])


def _widths(tree: BoneTree, pair: Pair) -> Array:
    return np.linalg.norm(pair.heads(tree, 0) - pair.heads(tree, 1), axis=-1)
