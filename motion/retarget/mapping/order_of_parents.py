"""Whether the bones of a mapping can be what their names say: order of parents, sides and heights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...arrays import Array
from ..slots import CENTRE_SLOTS, FINGERS, NEXT_PART, SIDES, part_of
from .bone_tree import UP, BoneTree

Bones = Mapping[str, Sequence[str]]

# From which part each must descend; the first of them that the mapping has counts.
_ANCESTORS: dict[str, tuple[str, ...]] = {
    "clavicle": ("spine", "hips"), "upper_arm": ("clavicle", "spine", "hips"), "forearm": ("upper_arm",),
    "hand": ("forearm",), "thigh": ("pelvis", "hips"), "shin": ("thigh",), "foot": ("shin",), "toe": ("foot",),
    **{finger: ("hand",) for finger in FINGERS},
    **{f"{part}_twist": (part,) for part in NEXT_PART},
}  # fmt: skip
_CENTRE_ANCESTORS: dict[str, tuple[str, ...]] = {
    "hips": ("root",), "pelvis": ("hips",), "spine": ("hips",), "neck": ("spine", "hips"),
    "head": ("neck", "spine", "hips"),
}  # fmt: skip
_ARM = ("clavicle", "upper_arm", "upper_arm_twist", "forearm", "forearm_twist", "hand", *FINGERS)


def misplaced(tree: BoneTree, bones: Bones, controls: bool = False) -> set[str]:
    """Slots whose bones cannot be right. Of controls only the places count, since their parents hang on constraints."""
    wrong = set() if controls else _out_of_order(tree, bones)
    return wrong | _on_the_wrong_side(tree, bones) | _too_high(tree, bones)


def _out_of_order(tree: BoneTree, bones: Bones) -> set[str]:
    wrong = set()
    for slot, names in bones.items():
        chain = [tree.index[name] for name in names]
        above = next((bones[each][0] for each in _ancestors(slot) if each in bones), None)
        # Twist bones may lie in the chain or beside it, so only where they hang counts.
        links = zip(chain, chain[1:]) if not slot.endswith("_twist") else ()
        in_order = all(tree.is_below(after, before) for before, after in links)
        hangs_right = above is None or (tree.is_below(chain[0], tree.index[above]) and chain[0] != tree.index[above])
        if not (in_order and hangs_right):
            wrong.add(slot)
    return wrong


def _ancestors(slot: str) -> tuple[str, ...]:
    side, _, part = slot.partition("_")
    if side not in SIDES:
        return _CENTRE_ANCESTORS.get(slot, ())
    return tuple(each if each in CENTRE_SLOTS else f"{side}_{each}" for each in _ANCESTORS[part])


def _on_the_wrong_side(tree: BoneTree, bones: Bones) -> set[str]:
    """Pairs whose left is not where the character's left is, as its feet say."""
    left = left_of_character(tree, bones)
    if left is None:
        return set()
    wrong = set()
    for part in ("clavicle", "upper_arm", "thigh", "foot"):
        pair = [_head(tree, bones, f"{side}_{part}") for side in SIDES]
        if None not in [end if end is None else 0 for end in pair] and np.dot(pair[0] - pair[1], left) < 0.0:
            wrong |= {f"{side}_{part}" for side in SIDES}
    return wrong


def limbs_of_four_legs(tree: BoneTree, bones: Bones) -> set[str]:
    """The front legs of an animal, which are no arms: they hang from no higher than the hips and reach the floor."""
    shoulder, hand, hip, foot = (_height(tree, bones, part) for part in ("upper_arm", "hand", "thigh", "foot"))
    lower = (hand - foot) < 0.2 * (hip - foot)
    if not (lower and shoulder - hip < 0.3 * (hip - foot)):   # also when one of them lacks
        return set()
    return {slot for slot in bones if part_of(slot) in _ARM}


def _height(tree: BoneTree, bones: Bones, part: str) -> float:
    """Of both sides together, m; NaN when one lacks."""
    heads = [_head(tree, bones, f"{side}_{part}") for side in SIDES]
    return float("nan") if any(head is None for head in heads) else (heads[0][2] + heads[1][2]) / 2.0


def left_of_character(tree: BoneTree, bones: Bones) -> Array | None:
    """The direction [3] of the character's left in the world, by where its feet point; None when they say nothing."""
    ahead = np.zeros(3)
    for side in SIDES:
        # Not where the foot's own bone ends: importers let these point anywhere.
        heel, toe = _head(tree, bones, f"{side}_foot"), _head(tree, bones, f"{side}_toe")
        if heel is not None and toe is not None:
            ahead += (toe - heel) * (1.0 - UP)
    length, legs = np.linalg.norm(ahead), _leg_length(tree, bones)
    return np.cross(UP, ahead / length) if legs and length > 0.1 * legs else None


def _leg_length(tree: BoneTree, bones: Bones) -> float:
    ends = [_head(tree, bones, slot) for slot in ("left_thigh", "left_shin", "left_foot")]
    return 0.0 if any(end is None for end in ends) else float(np.linalg.norm(np.diff(ends, axis=0), axis=-1).sum())


def _too_high(tree: BoneTree, bones: Bones) -> set[str]:
    """Legs that rise from the hips, heads that hang below them."""
    wrong = set()
    for side in SIDES:
        thigh, shin = (_head(tree, bones, f"{side}_{part}") for part in ("thigh", "shin"))
        if thigh is not None and shin is not None and shin[2] >= thigh[2]:
            wrong |= {f"{side}_thigh", f"{side}_shin"}
    hip, head = _head(tree, bones, "left_thigh"), _head(tree, bones, "head")
    if hip is not None and head is not None and head[2] <= hip[2]:
        wrong.add("head")
    return wrong


def _head(tree: BoneTree, bones: Bones, slot: str) -> Array | None:
    return tree.heads[tree.index[bones[slot][0]]] if slot in bones else None
