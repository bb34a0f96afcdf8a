"""Rigs made up from tables of names: a person whose bones are called as a table says, with rolls by chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from motion.retarget.mapping.rig_table import RigTable
from motion.retarget.rig.rig import Rig
from motion.retarget.slots import FINGERS, SIDES
from motion.rotations import matrix_from_axis_angle

STANDING = np.eye(3)   # R_world_from_rig of rigs whose Z is up
Y_UP = matrix_from_axis_angle(np.array([np.pi / 2, 0.0, 0.0]))   # R_world_from_rig of those whose Y is up
_ALONG = {   # where the bones of a left limb begin and end, m; facing -Y, left at +X
    "clavicle": ((0.03, 0.0, 1.42), (0.17, 0.0, 1.43)), "upper_arm": ((0.17, 0.0, 1.43), (0.45, 0.01, 1.43)),
    "forearm": ((0.45, 0.01, 1.43), (0.70, 0.0, 1.43)), "hand": ((0.70, 0.0, 1.43), (0.79, 0.0, 1.43)),
    "thigh": ((0.09, 0.0, 0.92), (0.10, -0.01, 0.49)), "shin": ((0.10, -0.01, 0.49), (0.10, 0.01, 0.08)),
    "foot": ((0.10, 0.01, 0.08), (0.11, -0.12, 0.02)), "toe": ((0.11, -0.12, 0.02), (0.11, -0.20, 0.02)),
    "root": ((0.0, 0.0, 0.0), (0.0, 0.0, 0.2)), "hips": ((0.0, 0.0, 0.95), (0.0, 0.0, 1.04)),
    "pelvis": ((0.0, 0.0, 0.97), (0.0, 0.0, 0.86)), "spine": ((0.0, 0.0, 1.04), (0.0, 0.0, 1.44)),
    "neck": ((0.0, 0.0, 1.48), (0.0, -0.01, 1.57)), "head": ((0.0, -0.01, 1.57), (0.0, -0.01, 1.77)),
    "thumb": ((0.72, -0.03, 1.42), (0.78, -0.10, 1.42)), "index": ((0.79, -0.03, 1.43), (0.87, -0.03, 1.43)),
    "middle": ((0.79, -0.01, 1.43), (0.88, -0.01, 1.43)), "ring": ((0.79, 0.01, 1.43), (0.87, 0.01, 1.43)),
    "pinky": ((0.78, 0.03, 1.43), (0.85, 0.03, 1.43)),
}  # fmt: skip
_LIMBS = (("clavicle", "upper_arm", "forearm", "hand"), ("thigh", "shin", "foot", "toe"))


@dataclass
class MadeBones:
    """Bones one by one, in the world."""

    names: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    heads: list[np.ndarray] = field(default_factory=list)
    tails: list[np.ndarray] = field(default_factory=list)

    def add(self, name: str, parent: str, head, tail) -> str:
        self.names.append(name)
        self.parents.append(parent)
        self.heads.append(np.array(head, float))
        self.tails.append(np.array(tail, float))
        return name

    def chain(self, names, parent: str, start, end) -> str:
        """Bones one after the other from start to end. Returns the last one's name."""
        places = np.linspace(start, end, len(names) + 1)
        for name, head, tail in zip(names, places, places[1:]):
            parent = self.add(name, parent, head, tail)
        return parent

    def renamed(self, names: Mapping[str, str]) -> MadeBones:
        """The same bones called otherwise; those not in `names` as before."""
        both = [[names.get(name, name) for name in listed] for listed in (self.names, self.parents)]
        return MadeBones(*both, list(self.heads), list(self.tails))

    def nameless(self, rng: np.random.Generator) -> tuple[MadeBones, dict[str, str]]:
        """The same bones with names that say nothing, and these by the old ones."""
        numbers = rng.permutation(len(self.names))
        names = {name: f"Bone.{number:03d}" for name, number in zip(self.names, numbers)}
        return self.renamed(names), names

    def bent(self, name: str, turn_rad: Sequence[float]) -> MadeBones:
        """The same bones, one and all below it turned about its head by a rotation vector."""
        R, below = matrix_from_axis_angle(np.array(turn_rad, float)), {name}
        while more := {n for n, parent in zip(self.names, self.parents) if parent in below} - below:
            below |= more
        start = self.heads[self.names.index(name)]
        ends = [[R @ (end - start) + start if n in below else end for n, end in zip(self.names, each)]
                for each in (self.heads, self.tails)]  # fmt: skip
        return MadeBones(list(self.names), list(self.parents), *ends)

    def turned(self, turn_rad: Sequence[float]) -> MadeBones:
        """The same bones turned in the world by a rotation vector."""
        R = matrix_from_axis_angle(np.array(turn_rad, float))
        ends = [[R @ end for end in each] for each in (self.heads, self.tails)]
        return MadeBones(list(self.names), list(self.parents), *ends)

    def rig(self, rng: np.random.Generator, R_world_from_rig=STANDING, scale: float = 1.0) -> Rig:
        """The rig of a character that stands so in the world, in any order with parents first, rolls by chance."""
        order = self._any_order(rng)
        index = {self.names[bone]: place for place, bone in enumerate(order)} | {"": -1}
        heads, tails = (np.array(ends).reshape(-1, 3)[order] for ends in (self.heads, self.tails))
        return Rig(
            names=tuple(self.names[bone] for bone in order), parents=[index[self.parents[bone]] for bone in order],
            heads=heads @ R_world_from_rig / scale, tails=tails @ R_world_from_rig / scale,
            R_rig_from_bone=matrix_from_axis_angle(rng.normal(size=(len(order), 3))),
            R_world_from_rig=R_world_from_rig, scale=scale, origin_world=np.zeros(3),
        )  # fmt: skip

    def _any_order(self, rng: np.random.Generator) -> list[int]:
        waiting, done, order = list(range(len(self.names))), {""}, []
        while waiting:
            ready = [bone for bone in waiting if self.parents[bone] in done]
            chosen = ready[rng.integers(len(ready))]
            waiting.remove(chosen)
            order.append(chosen)
            done.add(self.names[chosen])
        return order


def person(table: RigTable, arms_down_deg: float = 0.0, prefix: str = "", ending: str = "") -> MadeBones:
    """A person with every bone that a table names, arms hanging by so much from the T-pose."""
    made, bones = MadeBones(), {s: tuple(prefix + n + ending for n in names) for s, names in table.bones.items()}
    R_hanging = matrix_from_axis_angle(np.array([0.0, np.radians(arms_down_deg), 0.0]))
    last = ""
    for slot in ("root", "hips", "spine", "neck", "head"):
        last = made.chain(bones.get(slot, ()), last, *_ALONG[slot])
    if "pelvis" in bones:
        made.chain(bones["pelvis"], bones["hips"][0], *_ALONG["pelvis"])
    for side in SIDES:
        for parts, begin in zip(_LIMBS, (bones["spine"][-1], bones.get("pelvis", bones["hips"])[0])):
            last = begin
            for part in parts:
                last = made.chain(bones.get(f"{side}_{part}", ()), last, *_ends(part, side, R_hanging))
                twists = bones.get(f"{side}_{part}_twist", ())
                head, tail = _ends(part, side, R_hanging)
                for place, name in zip(np.linspace(head, tail, len(twists) + 2)[1:], twists):
                    made.add(name, last, place, place + 0.1 * (tail - head))
        for finger in FINGERS:
            hand = bones[f"{side}_hand"][0]
            made.chain(bones.get(f"{side}_{finger}", ()), hand, *_ends(finger, side, R_hanging))
    for name in table.signature:
        if not name.startswith("!") and prefix + name + ending not in made.names:
            made.add(prefix + name + ending, bones["hips"][0], (0.0, 0.0, 0.95), (0.0, 0.0, 1.0))
    return made


def _ends(part: str, side: str, R_hanging) -> np.ndarray:
    ends = np.array(_ALONG[part])
    if part in ("upper_arm", "forearm", "hand", *FINGERS):
        shoulder = np.array(_ALONG["upper_arm"][0])
        ends = shoulder + (ends - shoulder) @ R_hanging.T
    return ends * ([1.0, 1.0, 1.0] if side == "left" else [-1.0, 1.0, 1.0])
