"""Bones of a made-up human under the names of a program."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from motion.arrays import Array
from motion.retarget.slots import FINGERS, SIDES
from motion.rotations import normalised

from .human import UP, Human
from .made_up_rig import RigBone
from .names import Chain, Names

_MMD_IK = re.compile("IK|ＩＫ")   # bones that bend no skin; Unreal's and Auto-Rig Pro's begin with ik_ and c_
_SMALL_BONE = 0.03   # m: of bones that lead nowhere


class Growth:
    """Collects bones in the world (m, tails at the next joint), parents first, and which slots they fill."""

    def __init__(self, names: Names, human: Human) -> None:
        self.names, self.places = names, human.places()
        self.bones: dict[str, tuple[str, Array, Array]] = {}    # parent, head, tail
        self.slots: dict[str, Chain] = {}
        self._centre()
        for side, written in zip(SIDES, names.sides):
            self._leg(side, written)
            self._arm(side, written)
        self._extra()

    def _add(self, name: str, parent: str, head: Array, tail: Array) -> str:
        far_enough = np.linalg.norm(tail - head) > 1e-3
        self.bones[name] = (parent, head, tail if far_enough else head + _SMALL_BONE * UP)
        return name

    def _chain(self, slot: str, chain: Sequence[str], parent: str, points: Sequence[Array]) -> str:
        """Bones from point to point; gives the last one's name."""
        self.slots[slot] = tuple(chain)
        for name, head, tail in zip(chain, points[:-1], points[1:], strict=True):
            parent = self._add(name, parent, head, tail)
        return parent

    def _centre(self) -> None:
        names, at = self.names, self.places
        root = self._chain("root", [names.root], "", [at["ground"], 0.2 * UP]) if names.root else ""
        trunk = self._chain("hips", [names.hips], root, [at["hips"], at["spine"]])
        for name in names.under_hips:
            trunk = self._add(name, trunk, at["hips"], at["spine"])
        self.legs_on = trunk
        if names.pelvis:
            self.legs_on = self._chain("pelvis", [names.pelvis], trunk, [at["hips"], at["hips"] - 0.06 * UP])
        self.arms_on = self._chain("spine", names.spine, trunk, _between(at["spine"], at["neck"], len(names.spine)))
        neck = self._chain("neck", names.neck, self.arms_on, _between(at["neck"], at["head"], len(names.neck)))
        self._chain("head", [names.head], neck, [at["head"], at["head_top"]])

    def _leg(self, side: str, written: str) -> None:
        at = self.places
        parent = self._limb(side, written, "thigh", self.legs_on, at[f"{side}_shin"])
        parent = self._limb(side, written, "shin", parent, at[f"{side}_foot"])
        parent = self._limb(side, written, "foot", parent, at[f"{side}_toe"])
        self._limb(side, written, "toe", parent, at[f"{side}_toe_tip"])

    def _arm(self, side: str, written: str) -> None:
        at = self.places
        parent = self._limb(side, written, "clavicle", self.arms_on, at[f"{side}_upper_arm"])
        parent = self._limb(side, written, "upper_arm", parent, at[f"{side}_forearm"])
        parent = self._limb(side, written, "forearm", parent, at[f"{side}_hand"])
        hand = self._limb(side, written, "hand", parent, at[f"{side}_middle0"])
        for finger in FINGERS if self.names.fingers else ():
            points = [at[f"{side}_{finger}{i}"] for i in range(4)]
            parent = self._before(side, written, finger, hand, at[f"{side}_{finger}_metacarpal"], points[0])
            chain = [name.format(s=written) for name in self.names.fingers[finger]]
            self._chain(f"{side}_{finger}", chain, parent, points)

    def _limb(self, side: str, written: str, slot: str, parent: str, end: Array) -> str:
        """The bones of one slot with their twist bones; gives what carries the next slot."""
        names, start = self.names, self.places[f"{side}_{slot}"]
        chain = [name.format(s=written) for name in names.limbs[slot]]
        parent = self._before(side, written, slot, parent, start, start)
        twists = [name.format(s=written) for name in names.in_chain.get(slot, ())]
        points = _between(start, end, len(chain) + len(twists))
        last = self._chain(f"{side}_{slot}", chain, parent, points[: len(chain) + 1])
        if twists:
            return self._chain(f"{side}_{slot}_twist", twists, last, points[len(chain):])
        self._beside(side, slot, last, [name.format(s=written) for name in names.beside.get(slot, ())], start, end)
        return last

    def _before(self, side: str, written: str, slot: str, parent: str, head: Array, tail: Array) -> str:
        """Bones of no slot that carry one's first bone, such as metacarpals."""
        for name in self.names.before.get(slot, ()):
            parent = self._add(name.format(s=written), parent, head, tail)
        return parent

    def _beside(self, side: str, slot: str, limb: str, twists: Sequence[str], start: Array, end: Array) -> None:
        points = _between(start, end, len(twists) + 1)
        for name, head, tail in zip(twists, points[1:], points[2:] + points[-1:]):
            self._add(name, limb, head, tail)
        if twists:
            self.slots[f"{side}_{slot}_twist"] = tuple(twists)

    def _extra(self) -> None:
        for bone in self.names.extra:
            sided = "{s}" in bone.name
            for side, written in list(zip(SIDES, self.names.sides))[: 2 if sided else 1]:
                head = self.places[bone.place.format(side=side)]
                self._add(bone.name.format(s=written), bone.parent.format(s=written), head, head)


def grown(names: Names, human: Human, rng: np.random.Generator, odd_tails: bool = False) -> tuple[
    list[RigBone], dict[str, Chain]
]:  # fmt: skip
    """Bones in the world (m), every roll by chance, and the bones by slot.

    odd_tails: bones do not end at their child but point anywhere, as importers of game skeletons leave them.
    """
    growth = Growth(names, human)
    bones = []
    for name, (parent, head, tail) in growth.bones.items():
        if odd_tails:
            way = 0.06 * normalised(rng.normal(size=3))
            tail = head + np.where(head[2] + way[2] < 0.0, -way, way)   # but not under the floor, where skin would be
        bones.append(RigBone(name, parent, head, tail, float(rng.uniform(-np.pi, np.pi)),
                             deform=not name.startswith(("ik_", "c_")) and not _MMD_IK.search(name)))  # fmt: skip
    return bones, growth.slots


def _between(start: Array, end: Array, count: int) -> list[Array]:
    return [start + share * (end - start) for share in np.linspace(0.0, 1.0, count + 1)]
