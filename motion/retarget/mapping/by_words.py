"""Mapping of rigs whose names are words, if of no program's: "Bip01 L Thigh", "Arm_Upper_L", "左腕"."""

from __future__ import annotations

from dataclasses import dataclass

from ..slots import FINGERS, NEXT_PART, SIDES
from .bone_tree import BoneTree
from .bone_words import BoneWords, words_of
from .by_table import twists_in_order
from .fingers_by_place import MOST_PHALANGES

_ONE_EACH = ("upper_arm", "forearm", "hand", "thigh", "shin", "foot", "toe", "clavicle")
# What such words mean depends on which parts have bones of their own.
_EITHER = {"?shoulder": ("upper_arm", "clavicle"), "?leg": ("shin", "thigh"), "hips": ("thigh",), "foot": ("toe",)}


def bones_by_words(tree: BoneTree) -> dict[str, tuple[str, ...]]:
    """Bones by slot as far as their names say what they are."""
    meant = _Meant(tree, words_of(tree.names))
    limbs = {slot: bones for side in SIDES for slot, bones in _limbs(meant, side).items()}
    found = _centre(meant, limbs) | limbs
    return twists_in_order(tree, {slot: tuple(tree.names[bone] for bone in bones) for slot, bones in found.items()})


@dataclass(frozen=True)
class _Meant:
    """What the names of a rig say."""

    tree: BoneTree
    words: list[BoneWords]

    def bones(self, side: str, part: str, twists: bool = False) -> list[int]:
        """Bones of a part: by the likeliest word, then the lowest number, then the uppermost in the tree."""
        said = [(each.side, each.part, each.twists, each.helps) for each in self.words]
        bones = [bone for bone, each in enumerate(said) if each == (side, part, twists, False)]
        return sorted(bones, key=lambda bone: (self.words[bone].likeliness, self.words[bone].numbers, bone))

    def upper_one(self, bones: list[int]) -> int:
        """The first of the bones, or one above it that another word calls so: of ankle and foot the ankle turns it."""
        words = self.words[bones[0]]
        above = [bone for bone in bones if self.tree.is_below(bones[0], bone)]
        return min(above, key=lambda bone: (self.words[bone].likeliness == words.likeliness, bone != bones[0], bone))

    def chain(self, side: str, part: str) -> list[int]:
        """Bones of a part that descend from one another, from the uppermost on."""
        chain: list[int] = []
        for bone in sorted(self.bones(side, part) or self.bones(side, part, twists=True)):
            if not chain or self.tree.is_below(bone, chain[-1]):
                chain.append(bone)
        return chain


def _limbs(meant: _Meant, side: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for part in _ONE_EACH:
        if bones := meant.bones(side, part):
            found[f"{side}_{part}"] = [meant.upper_one(bones)]
    for word, parts in _EITHER.items():
        bones = [bone for bone in meant.bones(side, word) if [bone] not in found.values()]
        for part in parts:
            if bones and f"{side}_{part}" not in found:
                found[f"{side}_{part}"] = [bones.pop(0)]
    chains = {f"{side}_{finger}": meant.chain(side, finger)[:MOST_PHALANGES] for finger in FINGERS}
    twists = {f"{side}_{part}_twist": meant.bones(side, part, twists=True) for part in NEXT_PART}
    return found | {slot: bones for slot, bones in (chains | twists).items() if bones}


def _centre(meant: _Meant, limbs: dict[str, list[int]]) -> dict[str, list[int]]:
    tree = meant.tree
    found = {slot: meant.chain("", slot) for slot in ("spine", "neck")}
    found["head"] = meant.bones("", "head")[:1]
    found["root"] = [bone for bone in meant.bones("", "root") if tree.parents[bone] < 0][:1]
    thighs = [bone for side in SIDES for bone in limbs.get(f"{side}_thigh", ())]
    carriers = [bone for bone in sorted(meant.bones("", "hips")) if all(tree.is_below(thigh, bone) for thigh in thighs)]
    whole = [bone for bone in carriers if all(tree.is_below(each, bone) for each in found["spine"][:1])]
    found["hips"] = whole[-1:] or _where_they_meet(tree, carriers[:1], found["spine"][:1])
    found["pelvis"] = [bone for bone in carriers if found["hips"] and bone > found["hips"][0]][-1:]
    found["root"] = [bone for bone in found["root"] if bone not in found["hips"]]
    return {slot: bones for slot, bones in found.items() if bones}


def _where_they_meet(tree: BoneTree, pelvis: list[int], spine: list[int]) -> list[int]:
    """The bone that carries a pelvis and a spine which hang side by side; the pelvis when nothing does."""
    meeting = tree.meeting(pelvis[0], spine[0]) if pelvis and spine else -1
    return [meeting] if meeting >= 0 else pelvis
