"""Which bone of a rig is which part of the body, found without asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..rig.rig import Rig
from ..slots import FINGERS, NEEDED_SLOTS, SLOTS, part_of
from .bone_tree import BoneTree
from .by_structure import FoundBody, body_by_structure
from .by_table import BoneNames, mapping_by_table, weight, with_bones_between
from .by_words import bones_by_words
from .limb_lengths import BonePlaces, odd_limbs
from .order_of_parents import limbs_of_four_legs, misplaced
from .rig_mapping import RigMapping
from .rig_table import RigTable
from .tables import read_tables

_COUNTED = tuple(slot for slot in SLOTS if not slot.endswith("_twist") and slot not in ("root", "pelvis"))
_CLEAR = 0.8         # a score of a table with which nothing else need be tried
_DOUBTED = 0.5       # what a slot still counts that is likely but not sure
_COST_SHARE = 0.15   # of the score for limbs of an unusual shape, a unit of their cost
Bones = dict[str, tuple[str, ...]]


def find_mapping(
    rig: Rig, tables: Sequence[RigTable] | None = None, original_names: Mapping[str, str] | None = None
) -> RigMapping:
    """The likeliest mapping: by a table of known names, else by words and structure. `missing` says what was not found.

    original_names: what bones were called before an importer changed it, by their names now (mmd_tools keeps them).
    """
    tree = BoneTree(rig)
    found = _likeliest(tree, rig, BoneNames(rig.names, original_names), read_tables() if tables is None else tables)
    odd = odd_limbs(found.bones, places_in(tree))
    return replace(found, doubts=tuple(sorted({*found.doubts, *odd})))


def _likeliest(tree: BoneTree, rig: Rig, names: BoneNames, tables: Sequence[RigTable]) -> RigMapping:
    by_table = mapping_by_table(rig, tree, tables, names)
    if by_table is not None and (_is_clear(by_table) or _is_control_rig(by_table, tables)):
        return by_table
    others = [by_table, _by_words_and_structure(tree)]
    return min((each for each in others if each is not None), key=lambda each: (len(each.missing), -each.score))


def places_in(tree: BoneTree) -> BonePlaces:
    """Where the bones of a tree are."""

    def parent(name: str) -> str:
        above = tree.parents[tree.index[name]]
        return tree.names[above] if above >= 0 else ""

    return BonePlaces(lambda name: tree.heads[tree.index[name]], lambda name: tree.tails[tree.index[name]], parent)


def _is_clear(found: RigMapping) -> bool:
    return not found.missing and found.score >= _CLEAR


def _is_control_rig(found: RigMapping, tables: Sequence[RigTable]) -> bool:
    """Then words and structure would only find the bones that its controls move."""
    return any(table.name == found.family and table.is_control_rig for table in tables)


def _by_words_and_structure(tree: BoneTree) -> RigMapping:
    """What names say where that makes a body, else what the structure does; each filled up by the other."""
    body, said = body_by_structure(tree), _in_order(tree, bones_by_words(tree))
    by_names = len(_missing(said)) <= len(_missing(body.bones))
    likely, other = (said, body.bones) if by_names else (body.bones, said)
    bones = _each_once(with_bones_between(tree, _filled(tree, likely, other)))
    for slot in limbs_of_four_legs(tree, bones):
        del bones[slot]
    doubts = {slot for slot in bones if slot in other and not {*bones[slot]} & {*other[slot]}}
    doubts -= {slot for slot in doubts if by_names and part_of(slot) in FINGERS}   # their shapes say least
    doubts |= set() if by_names else body.doubts & set(bones)
    title = "" if not bones else "by names" if by_names else "by structure"
    return RigMapping(bones, title=title, score=_score(bones, doubts, body), doubts=tuple(sorted(doubts)))


def _missing(bones: Bones) -> list[str]:
    return [slot for slot in NEEDED_SLOTS if slot not in bones]


def _in_order(tree: BoneTree, bones: Bones) -> Bones:
    """Without what cannot be right."""
    wrong = misplaced(tree, bones)
    return {slot: names for slot, names in bones.items() if slot not in wrong}


def _filled(tree: BoneTree, likely: Bones, other: Bones) -> Bones:
    """The likelier bones, and of the others those of slots that are empty, as far as they fit."""
    taken = {name for names in likely.values() for name in names}
    more = {slot: names for slot, names in other.items() if slot not in likely and not taken.intersection(names)}
    wrong = misplaced(tree, {**likely, **more})
    return {slot: names for slot, names in {**likely, **more}.items() if slot in likely or slot not in wrong}


def _each_once(bones: Bones) -> Bones:
    """No bone in two slots: the one that counts more keeps it."""
    taken: set[str] = set()
    kept: Bones = {}
    for slot in sorted(bones, key=lambda slot: (-weight(slot), SLOTS.index(slot))):
        free = tuple(name for name in bones[slot] if name not in taken)
        taken.update(free)
        kept |= {slot: free} if free else {}
    return kept


def _score(bones: Bones, doubts: set[str], body: FoundBody) -> float:
    """The weighted share of a whole body that was found, less for doubts and for limbs of an unusual shape."""
    have = sum(weight(slot) * (_DOUBTED if slot in doubts else 1.0) for slot in _COUNTED if slot in bones)
    return float(have / sum(map(weight, _COUNTED)) * max(0.0, 1.0 - _COST_SHARE * body.cost))
