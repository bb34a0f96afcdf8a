"""Mapping of rigs whose names are known: the table that fits best."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..rig.rig import Rig
from ..slots import FINGERS, NEEDED_SLOTS, NEXT_PART, part_of
from .bone_tree import BoneTree
from .order_of_parents import limbs_of_four_legs, misplaced
from .rig_mapping import RigMapping
from .rig_table import IkLimb, RigTable

# What importers put behind names: Blender's .001, and the _012 of glTF files from Sketchfab.
_ENDING = re.compile(r"(?:\.\d{3})+$|_\d{1,4}$")
_PREFIX = re.compile(r".*[:|_]$", re.DOTALL)
_KEPT_IF_DOUBTED = ("hand", "foot", "head", "spine")
_WEIGHTS = {"hand": 3.0, "foot": 3.0, "head": 3.0, "spine": 3.0, "neck": 2.0, "clavicle": 2.0, "toe": 1.0, "root": 0.2}
_NEEDED_WEIGHT, _FINGER_WEIGHT, _OTHER_WEIGHT = 4.0, 0.5, 0.2


class BoneNames:
    """The bones of a rig by what they are called there, and by what they were called before an importer's change."""

    def __init__(self, names: Iterable[str], original_names: Mapping[str, str] | None = None) -> None:
        names = tuple(names)
        before = [(original, name) for name, original in (original_names or {}).items() if original and name in names]
        self.exact: dict[str, str] = {}
        self.without_ending: dict[str, str] = {}
        for called, name in [*((name, name) for name in names), *before]:
            plain = _plain(called)
            self.exact.setdefault(plain, name)
            self.without_ending.setdefault(_ENDING.sub("", plain), name)

    def spellings(self, table: RigTable) -> list[Spelling]:
        """How this rig may write the names of a table: each prefix with which it has the first one."""
        first = next((_plain(name) for name in table.signature if not name.startswith("!")), None)
        if first is None:
            return [Spelling(self, table, prefix, False) for prefix in table.prefixes]
        found: dict[tuple[str, bool], None] = {}
        for numbered, known in ((False, self.exact), (True, self.without_ending)):
            for name in known:
                prefix = name[: len(name) - len(first)]
                is_exact = numbered and name in self.exact
                if name.endswith(first) and not is_exact and (prefix in table.prefixes or _PREFIX.match(prefix)):
                    found[prefix, numbered] = None
        return [Spelling(self, table, prefix, numbered) for prefix, numbered in found]


@dataclass(frozen=True)
class Spelling:
    """A table's names as one rig may write them."""

    names: BoneNames
    table: RigTable
    prefix: str
    numbered: bool    # whether the names end in numbers that are not the table's

    def bone(self, name: str) -> str | None:
        """The rig's bone that the table calls so."""
        for called in (name, *self.table.aliases.get(name, ())):
            written = _plain(self.prefix + called)
            found = self.names.exact.get(written)
            if found is None and self.numbered:
                found = self.names.without_ending.get(written)
            if found is not None:
                return found
        return None

    def has_signature(self) -> bool:
        return all((self.bone(name.removeprefix("!")) is None) == name.startswith("!") for name in self.table.signature)

    def bones(self, by_slot: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """The rig's bones by slot, each bone once."""
        taken: set[str | None] = {None}
        found: dict[str, tuple[str, ...]] = {}
        for slot, names in by_slot.items():
            free = tuple(name for name in dict.fromkeys(map(self.bone, names)) if name not in taken)
            taken.update(free)
            found |= {slot: free} if free else {}
        return found


def mapping_by_table(rig: Rig, tree: BoneTree, tables: Iterable[RigTable], names: BoneNames) -> RigMapping | None:
    """What the table that fits best says; None when the signature of none is there.

    Controls before what they move, complete ones before others, then by score.
    """
    spelled = [spelling for table in tables for spelling in names.spellings(table) if spelling.has_signature()]
    ranked = [(_rank(found, spelling.table), found) for spelling in spelled for found in [_fitted(tree, spelling)]]
    return max(ranked, key=lambda each: each[0])[1] if ranked else None


def _rank(found: RigMapping, table: RigTable) -> tuple:
    return (table.is_control_rig, -len(found.missing), round(found.score, 3), len(table.signature))


def _fitted(tree: BoneTree, spelling: Spelling) -> RigMapping:
    table = spelling.table
    bones = spelling.bones(table.bones)
    if not table.is_control_rig:
        bones = with_bones_between(tree, twists_in_order(tree, bones))
    wrong = misplaced(tree, bones, table.is_control_rig)
    animal = limbs_of_four_legs(tree, bones)
    needed = {slot for slot in wrong - animal if slot in NEEDED_SLOTS or part_of(slot) in _KEPT_IF_DOUBTED}
    kept = {slot: names for slot, names in bones.items() if slot not in (wrong | animal) - needed}
    doubts = tuple(sorted(needed))
    return RigMapping(kept, family=table.name, title=table.title, score=_score(spelling, wrong), doubts=doubts)


def _score(spelling: Spelling, wrong: set[str]) -> float:
    """The weighted share of the table's bones that the rig has, of the misplaced ones half."""
    table, have, want = spelling.table, 0.0, 0.0
    for slot, names in table.bones.items():
        found = [name for name in names if spelling.bone(name)]
        wanted = [name for name in names if name in found or name not in table.optional]
        if wanted:
            want += weight(slot)
            have += weight(slot) * len(found) / len(wanted) * (0.5 if slot in wrong else 1.0)
    return have / want if want else 0.0


def weight(slot: str) -> float:
    """How much a slot counts for a score."""
    part = part_of(slot)
    if slot in NEEDED_SLOTS:
        return _NEEDED_WEIGHT
    return _FINGER_WEIGHT if part in FINGERS else _WEIGHTS.get(part, _OTHER_WEIGHT)


def twists_in_order(tree: BoneTree, bones: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Of a limb and its twist bones the uppermost in the tree is the limb; the others go by their place along it."""
    ordered = dict(bones)
    for slot in bones:
        if part_of(slot) in NEXT_PART and f"{slot}_twist" in bones:
            together = [tree.index[name] for name in dict.fromkeys((*bones[slot], *bones[f"{slot}_twist"]))]
            limb = min(together, key=lambda bone: len(tree.path_up(bone)))
            along = sorted(together, key=lambda bone: ((tree.heads[bone] - tree.heads[limb]) ** 2).sum())
            twists = tuple(tree.names[bone] for bone in along if bone != limb)
            ordered |= {slot: (tree.names[limb],), f"{slot}_twist": twists}
    return {slot: names for slot, names in ordered.items() if names}


def with_bones_between(tree: BoneTree, bones: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Spine and neck with the bones that lie between theirs in the tree, but not those that carry the legs."""
    taken = {name for names in bones.values() for name in names}
    thighs = [tree.index[bones[f"{side}_thigh"][0]] for side in ("left", "right") if f"{side}_thigh" in bones]
    filled = dict(bones)
    for slot, above, below in (("spine", "hips", "neck"), ("neck", "spine", "head")):
        if not {slot, above, below} <= set(bones):
            continue
        path = tree.between(tree.index[filled[above][-1]], tree.index[bones[below][0]])
        free = [bone for bone in path if not any(tree.is_below(thigh, bone) for thigh in thighs)]
        chain = [tree.names[bone] for bone in free if tree.names[bone] in bones[slot] or tree.names[bone] not in taken]
        if set(bones[slot]) <= set(chain):
            filled[slot] = tuple(chain)
    return filled


def fitted_table(rig: Rig, table: RigTable, original_names: Mapping[str, str] | None = None) -> RigTable:
    """The table with its bones, switches and controls as this rig writes them, and without those that it lacks."""
    spellings = [each for each in BoneNames(rig.names, original_names).spellings(table) if each.has_signature()]
    spelled = spellings[0].bone if spellings else (lambda name: name if name in rig.names else None)
    found = {slot: tuple(filter(None, map(spelled, names))) for slot, names in table.bones.items()}
    shown = {slot: tuple(filter(None, map(spelled, names))) for slot, names in table.shown.items()}
    return replace(
        table,
        bones={slot: names for slot, names in found.items() if names},
        shown={slot: names for slot, names in shown.items() if names},
        switches=tuple(replace(switch, bone=bone) for switch in table.switches if (bone := spelled(switch.bone))),
        at_rest=tuple(filter(None, map(spelled, table.at_rest))),
        ik={limb: IkLimb(end, spelled(parts.pole) or "", spelled(parts.toe) or "",
                         tuple(filter(None, map(spelled, parts.at_rest))))
            for limb, parts in table.ik.items() if (end := spelled(parts.end))},
    )  # fmt: skip


def _plain(name: str) -> str:
    """Full-width digits and letters, which Japanese names mix with narrow ones, as narrow ones."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)
