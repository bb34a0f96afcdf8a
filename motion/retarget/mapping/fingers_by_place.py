"""Which finger is which, by where they begin on the hand."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from ...arrays import Array
from ..slots import FINGERS
from .bone_tree import BoneTree

MOST_PHALANGES = 3
_BY_COUNT = {count: FINGERS[:count] for count in (2, 3, 4, 5)}


def fingers_of(tree: BoneTree, hand: int, among: Collection[int]) -> dict[str, list[int]]:
    """The bones of each finger below a hand, sought only `among` these bones; {} when they are unclear."""
    chains = [chain for chain in _chains(tree, hand, among) if len(chain) >= 2]
    names = _BY_COUNT.get(len(chains))
    if names is None:
        return {}
    thumb = _thumb(np.array([tree.heads[chain[-1]] for chain in chains]) - tree.heads[hand])
    fingers = [_phalanges(tree, hand, chain) for place, chain in enumerate(chains) if place != thumb]
    bases = np.array([tree.heads[chain[0]] for chain in (chains[thumb], *fingers)]) - tree.heads[hand]
    ordered = [chains[thumb][:MOST_PHALANGES], *(fingers[place] for place in _beside_thumb(bases))]
    return dict(zip(names, ordered))


def _chains(tree: BoneTree, hand: int, among: Collection[int]) -> list[list[int]]:
    """From the hand to each end, without the hand; where two share their first bones, the later one without them."""
    taken: set[int] = set()
    chains = []
    tips = [bone for bone in tree.subtree(hand)[1:] if bone in among and not set(tree.children[bone]) & set(among)]
    for tip in sorted(tips, key=lambda tip: -len(tree.path_up(tip))):
        path = tree.path_up(tip)
        chain = [bone for bone in path[: path.index(hand)][::-1] if bone not in taken]
        taken.update(chain)
        chains.append(chain)
    return chains


def _phalanges(tree: BoneTree, hand: int, chain: list[int]) -> list[int]:
    """The chain without the bone inside the palm, which begins near the wrist, and without what marks the tip."""
    if len(chain) > MOST_PHALANGES:
        from_wrist = np.linalg.norm(tree.heads[chain[0]] - tree.heads[hand])
        if from_wrist < 0.55 * sum(tree.to_parent[bone] for bone in chain[1 : MOST_PHALANGES + 1]):
            chain = chain[1:]
    return chain[:MOST_PHALANGES]


def _thumb(tips: Array) -> int:
    """Which of the tips [N, 3], from the wrist, reaches least along the hand."""
    return int(np.argmin(tips @ tips.mean(axis=0)))


def _beside_thumb(bases: Array) -> list[int]:
    """The order of the fingers after the first of the bases [N, 3], from the wrist, which is the thumb's."""
    along = bases[1:].mean(axis=0)
    along = along / max(np.linalg.norm(along), 1e-9)
    across = bases[0] - bases[1:].mean(axis=0)
    across = across - (across @ along) * along
    return sorted(range(len(bases) - 1), key=lambda place: -float(bases[place + 1] @ across))
