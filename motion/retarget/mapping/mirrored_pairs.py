"""Limbs that a body has twice, found by the lengths of their bones: these hold in any pose."""

from __future__ import annotations

from dataclasses import dataclass

from ...arrays import Array
from .bone_tree import BoneTree

_SAME_SHARE, _SAME_OF_BODY = 0.08, 0.01   # how much lengths may differ: of themselves, and of the body's height
_SHORTEST_OF_BODY = 0.12                  # a limb reaches farther than this
_MOST_CHILDREN = 80                       # of bones with more, as of control rigs, only the farthest reaching count


@dataclass(frozen=True)
class Pair:
    """Two subtrees of one bone that are alike: the longest path that they share, and all bones that match."""

    carrier: int
    paths: tuple[list[int], list[int]]
    matched: tuple[frozenset[int], frozenset[int]]

    def heads(self, tree: BoneTree, side: int) -> Array:
        """Of the path on one side, [N, 3] m."""
        return tree.heads[self.paths[side]]

    def other_way_round(self) -> Pair:
        return Pair(self.carrier, self.paths[::-1], self.matched[::-1])


def mirrored_pairs(tree: BoneTree) -> list[Pair]:
    """All pairs of long subtrees below one bone that are alike."""
    pairs = []
    for carrier, children in enumerate(tree.children):
        long = [child for child in children if tree.reach[child] > _SHORTEST_OF_BODY * tree.height]
        long = sorted(long, key=lambda child: -tree.reach[child])[:_MOST_CHILDREN]
        for i, one in enumerate(long):
            for other in long[i + 1 :]:
                if _same(tree.to_parent[one], tree.to_parent[other], tree.height):
                    pairs.append(_pair(tree, carrier, one, other))
    return [pair for pair in pairs if len(pair.paths[0]) >= 3]


def _same(one: float, other: float, height: float) -> bool:
    return abs(one - other) <= _SAME_SHARE * max(one, other) + _SAME_OF_BODY * height


def _pair(tree: BoneTree, carrier: int, one: int, other: int) -> Pair:
    partners = _partners(tree, one, other)
    far = {one: 0.0}
    for bone in list(partners)[1:]:
        far[bone] = far[tree.parents[bone]] + tree.to_parent[bone]
    path = tree.path_up(max(far, key=lambda bone: far[bone]))
    path = path[: path.index(one) + 1][::-1]
    matched = frozenset(partners), frozenset(partners.values())
    return Pair(carrier, (path, [partners[bone] for bone in path]), matched)


def _partners(tree: BoneTree, one: int, other: int) -> dict[int, int]:
    """Bones of the first subtree with those of the other that match, parents first."""
    partners, level = {one: other}, {one: other}
    while level:
        level = {child: match for pair in level.items() for child, match in _children(tree, *pair)}
        partners |= level
    return partners


def _children(tree: BoneTree, one: int, other: int) -> list[tuple[int, int]]:
    """Children of two bones in pairs whose lengths agree, those that are most alike first."""

    def unlike(child: int, match: int) -> float:
        return abs(tree.reach[child] - tree.reach[match]) + abs(tree.to_parent[child] - tree.to_parent[match])

    possible = [
        (unlike(child, match), child, match)
        for child in tree.children[one] for match in tree.children[other]
        if _same(tree.to_parent[child], tree.to_parent[match], tree.height)
    ]  # fmt: skip
    found: dict[int, int] = {}
    for _, child, match in sorted(possible):
        if child not in found and match not in found.values():
            found[child] = match
    return list(found.items())
