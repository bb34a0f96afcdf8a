"""Mapping of rigs whose names say nothing: legs, arms, spine and head from the tree and the rest pose alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ...arrays import Array
from ..slots import SIDES
from .bone_tree import UP, BoneTree
from .fingers_by_place import fingers_of
from .limb_shape import LimbShape, as_arm, as_leg
from .mirrored_pairs import Pair, mirrored_pairs

_LOWEST_SHARE = 0.02      # of the bones may lie below the floor
_MOST_COST = 2.0          # of a limb that may be one
_ARM_TO_LEG = 0.35        # shorter pairs are ears or cheeks
_ASIDE_OF_BODY = 0.05     # what lies farther from the middle, beside the body's height, is no neck
_HEAD_TO_ARM = 0.3        # a bone this far above the one before it, beside the arm's length, marks the top of the head


@dataclass
class FoundBody:
    """Bones by slot, as far as they were found."""

    bones: dict[str, tuple[str, ...]] = field(default_factory=dict)
    doubts: set[str] = field(default_factory=set)
    cost: float = 0.0     # of the limbs together, 0 is perfect


def body_by_structure(tree: BoneTree) -> FoundBody:
    """Legs are two long limbs that are alike and stand on the floor; arms are two such above them that do not."""
    found, pairs = FoundBody(), mirrored_pairs(tree)
    legs = _legs(tree, pairs)
    if legs is None:
        return found
    legs, ahead = _left_first(tree, legs)
    if ahead is None:
        found.doubts |= {f"{side}_{part}" for side in SIDES for part in ("thigh", "upper_arm")}
    _add_legs(found, tree, legs)
    found.cost = legs.cost
    arms = _arms(tree, pairs, legs)
    if arms is not None:
        _add_arms(found, tree, arms)
        found.cost += max(0.0, arms.cost)
    _add_trunk(found, tree, legs, arms)
    return found


def _legs(tree: BoneTree, pairs: list[Pair]) -> LimbShape | None:
    ranked, height = [], max(tree.height, 1e-9)
    floor = np.quantile(tree.heads[:, 2], _LOWEST_SHARE) if pairs else 0.0
    for shape in filter(None, (as_leg(tree, pair) for pair in pairs)):
        above_floor = max(0.0, shape.pair.heads(tree, 0)[-1, 2] - floor) / height
        if shape.cost < _MOST_COST and above_floor < 0.25:
            ranked.append((shape.cost + 6.0 * above_floor - 2.0 * shape.length / height, shape))
    return min(ranked, key=lambda each: each[0])[1] if ranked else None


def _left_first(tree: BoneTree, legs: LimbShape) -> tuple[LimbShape, Array | None]:
    """The legs with the character's left one first, and where it faces; None if nothing says so."""
    sideways = tree.heads[legs.pair.paths[0][legs.upper]] - tree.heads[legs.pair.paths[1][legs.upper]]
    ahead = _ahead(tree, legs, sideways)
    left = np.cross(UP, np.array([0.0, -1.0, 0.0]) if ahead is None else ahead)
    if sideways @ left < 0.0:
        legs = replace(legs, pair=legs.pair.other_way_round())
    return legs, ahead


def _ahead(tree: BoneTree, legs: LimbShape, sideways: Array) -> Array | None:
    """Where the feet point, else where the knees do, level and square to the hips."""
    hips, knees, ankles, tips = (
        np.mean([tree.heads[path[place]] for path in legs.pair.paths], axis=0)
        for place in (legs.upper, legs.lower, legs.end, -1)
    )
    ends = np.mean([tree.tails[path[-1]] for path in legs.pair.paths], axis=0)
    square = np.cross(sideways, UP)
    square = square / max(np.linalg.norm(square), 1e-9)
    for way, least in ((tips - ankles, 0.05), (ends - ankles, 0.1), (knees - (hips + ankles) / 2.0, 0.01)):
        if abs(way @ square) > least * legs.length:
            return square * np.sign(way @ square)
    return None


def _arms(tree: BoneTree, pairs: list[Pair], legs: LimbShape) -> LimbShape | None:
    """The pair above the hips that is most like arms: nearest to the hips where several are."""
    leg = legs.pair.heads(tree, 0)[:, 2]
    in_legs = set().union(*(tree.subtree(path[legs.upper]) for path in legs.pair.paths))
    likely = []
    for shape in filter(None, (as_arm(tree, pair) for pair in pairs if pair.carrier not in in_legs)):
        arm = shape.pair.heads(tree, 0)[:, 2]
        # Front legs of animals begin as high as the hind ones, and reach the floor.
        rises = arm[0] - leg[0] > 0.15 * legs.length and arm[-1] - leg[-1] > 0.2 * legs.length
        long = shape.length > _ARM_TO_LEG * legs.length
        if shape.cost < _MOST_COST and rises and long and not in_legs & set(shape.pair.paths[0]):
            likely.append(shape)
    carriers = {shape.pair.carrier for shape in likely}

    def rank(shape: LimbShape) -> float:
        carried = sum(tree.is_below(shape.pair.carrier, each) for each in carriers if each != shape.pair.carrier)
        return shape.cost + min(carried, 2) - min(1.0, shape.length / legs.length)

    return min(likely, key=rank) if likely else None


def _add_legs(found: FoundBody, tree: BoneTree, legs: LimbShape) -> None:
    for side, path in zip(SIDES, legs.pair.paths):
        _add_segments(found, tree, side, path, legs, ("thigh", "shin", "foot"))
        # The ball of the foot is near the floor, unlike the middle of the foot, where some have a bone too.
        floor, ankle = tree.heads[path[-1], 2], tree.heads[path[legs.end], 2]
        low = [bone for bone in path[legs.end + 1 :] if tree.heads[bone, 2] - floor < 0.4 * (ankle - floor)]
        if low:
            found.bones[f"{side}_toe"] = (tree.names[low[0]],)


def _add_arms(found: FoundBody, tree: BoneTree, arms: LimbShape) -> None:
    """The arm on the side of the left leg is the left one."""
    left, right = (tree.heads[tree.index[found.bones[f"{side}_thigh"][0]]] for side in SIDES)
    ends = arms.pair.heads(tree, 0)[arms.upper] - arms.pair.heads(tree, 1)[arms.upper]
    pair = arms.pair if ends @ (left - right) > 0.0 else arms.pair.other_way_round()
    for side, path, matched in zip(SIDES, pair.paths, pair.matched):
        _add_segments(found, tree, side, path, arms, ("upper_arm", "forearm", "hand"))
        # A bone in the place of the next one only helps it.
        long = [tree.to_parent[after] > 0.01 * arms.length for after in path[1 : arms.upper + 1]]
        clavicle = tuple(tree.names[bone] for bone, is_long in zip(path, long) if is_long)
        found.bones |= {f"{side}_clavicle": clavicle} if clavicle else {}
        for finger, chain in fingers_of(tree, path[arms.end], matched).items():
            found.bones[f"{side}_{finger}"] = tuple(tree.names[bone] for bone in chain)


def _add_segments(
    found: FoundBody, tree: BoneTree, side: str, path: list[int], limb: LimbShape, parts: tuple[str, str, str]
) -> None:
    """The limb's three bones, and the bones between them as its twist bones."""
    places = (limb.upper, limb.lower, limb.end)
    for part, place in zip(parts, places):
        found.bones[f"{side}_{part}"] = (tree.names[path[place]],)
    for part, start, stop in zip(parts, places, places[1:]):
        if stop > start + 1:
            found.bones[f"{side}_{part}_twist"] = tuple(tree.names[bone] for bone in path[start + 1 : stop])


def _add_trunk(found: FoundBody, tree: BoneTree, legs: LimbShape, arms: LimbShape | None) -> None:
    pelvis = tree.meeting(legs.pair.paths[0][0], legs.pair.paths[1][0])
    if arms is None:
        found.bones["hips"] = (tree.names[pelvis],)
        return
    chest = arms.pair.carrier
    hips = tree.meeting(pelvis, chest)
    if hips < 0:
        return
    found.bones["hips"] = (tree.names[hips],)
    if pelvis != hips:
        found.bones["pelvis"] = (tree.names[pelvis],)
    _add_root(found, tree, hips, legs)
    spine = [*tree.between(hips, chest), chest] if chest != hips else []
    limbs = {path[0] for path in (*arms.pair.paths, *legs.pair.paths)} | {pelvis}
    sideways = np.subtract(*(tree.heads[path[legs.upper]] for path in legs.pair.paths))
    above = _path_to_top(tree, [hips, *spine], limbs, sideways / np.linalg.norm(sideways))
    head = _head_in(tree, above, arms.length)
    chains = {"spine": spine, "neck": above[:head], "head": above[head : head + 1]}
    found.bones |= {slot: tuple(tree.names[bone] for bone in chain) for slot, chain in chains.items() if chain}


def _add_root(found: FoundBody, tree: BoneTree, hips: int, legs: LimbShape) -> None:
    """A bone above the hips that lies on the floor."""
    ankle = tree.heads[legs.pair.paths[0][legs.end]]
    low = [bone for bone in tree.path_up(hips)[1:] if tree.heads[bone, 2] < ankle[2] + 0.1 * legs.length]
    if low:
        found.bones["root"] = (tree.names[low[0]],)


def _path_to_top(tree: BoneTree, trunk: list[int], limbs: set[int], left: Array) -> list[int]:
    """From the trunk upwards: always the child below which the highest bone is, of those that lie in the middle."""
    bottom, top = tree.heads[trunk[0], 2], tree.heads[trunk[-1], 2]
    for start in reversed(trunk):
        free = [child for child in tree.children[start] if child not in limbs and child not in trunk]
        rising = [child for child in free if tree.highest[child] > top and tree.heads[child, 2] > bottom]
        path = _central(tree, rising, left, trunk[0])
        while path and (further := _central(tree, tree.children[path[-1]], left, trunk[0])):
            path += further
        if path:
            return path
    return []


def _central(tree: BoneTree, bones: Sequence[int], left: Array, hips: int) -> list[int]:
    """Of these bones the one that rises highest with all below it, but none that lies to one side as wings do."""
    aside = {bone: abs((tree.heads[tree.subtree(bone)].mean(axis=0) - tree.heads[hips]) @ left) for bone in bones}
    middle = [bone for bone in bones if aside[bone] < _ASIDE_OF_BODY * tree.height]
    return sorted(middle, key=lambda bone: (-tree.highest[bone], bone))[:1]


def _head_in(tree: BoneTree, path: list[int], arm_length: float) -> int:
    """Which bone of a path from the trunk is the head: that with the most bones of a face or of hair."""
    if not path:
        return 0
    sizes = [len(tree.subtree(bone)) for bone in path] + [0]
    beside = [size - after - 1 for size, after in zip(sizes, sizes[1:])]
    if max(beside) >= 2:
        head = int(np.argmax(beside))
        while head and tree.to_parent[path[head]] < 0.02 * arm_length:   # faces hang on a bone of their own there
            head -= 1
        return head
    return len(path) - (2 if len(path) > 1 and _ends_above(tree, path, arm_length) else 1)


def _ends_above(tree: BoneTree, path: list[int], arm_length: float) -> bool:
    """Whether the last bone of a path marks the top of the head, which is farther from it than necks are long."""
    last, before = (tree.to_parent[bone] for bone in path[:-3:-1])
    longer_than_neck = len(path) > 2 and last > max(1.2 * before, 0.12 * arm_length)
    return longer_than_neck or last > _HEAD_TO_ARM * arm_length
