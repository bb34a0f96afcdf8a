"""Keys of a rig's IK controls that make its limbs stand as their FK bones do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...limb_ik import AGAINST_HINGE_DEG, OWN_PLANE_DEG
from ...rotations import normalised
from ..mapping.rig_mapping import RigMapping
from ..mapping.rig_table import IkLimb
from ..retarget import Retargeted
from ..slots import LIMB_PARTS, part_of, side_of
from .basis import turns_beyond_rest
from .carriage import Carriage
from .rig import Rig
from .rig_keys import RigKeys


@dataclass(frozen=True, eq=False)
class _Asked:
    """Bones of the rig as they were asked to stand. Lengths in rig units."""

    rig: Rig
    R_rig_from_bone: dict[str, Array]   # [T, 3, 3] by name
    heads: dict[str, Array]             # [T, 3]

    def turn_since_rest(self, bone: str) -> Array:
        """[T, 3, 3] in the rig's axes."""
        return self.R_rig_from_bone[bone] @ self.rig.R_rig_from_bone[self.rig.bone(bone)].T

    def rest_head(self, bone: str) -> Array:
        return self.rig.heads[self.rig.bone(bone)]

    def carry(self, control: str, bone: str) -> None:
        """Let a control go along with a bone as if the two were one piece at rest."""
        turn = self.turn_since_rest(bone)
        self.R_rig_from_bone[control] = turn @ self.rig.R_rig_from_bone[self.rig.bone(control)]
        self.heads[control] = self.heads[bone] + turn @ (self.rest_head(control) - self.rest_head(bone))


def ik_keys(
    asked: Retargeted, rig: Rig, mapping: RigMapping, limbs: Mapping[str, IkLimb], carriage: Carriage
) -> RigKeys:  # fmt: skip
    """Keys of the IK controls of `limbs` with which the limbs stand as `asked`.

    limbs are by left_arm, right_arm, left_leg and right_leg, with the rig's own names; carriage is of the keyed bones
    and of the controls, as the rig carries them when it is switched to IK.
    """
    stand = _Asked(
        rig,
        dict(zip(asked.keys.bones, np.moveaxis(rig.R_world_from_rig.T @ asked.R_world_from_bone, 1, 0), strict=True)),
        dict(zip(asked.keys.bones, np.moveaxis(rig.from_world(asked.heads_world), 1, 0), strict=True)),
    )
    poles = {controls.pole for controls in limbs.values()}
    toes = {controls.toe for controls in limbs.values()}
    for limb, controls in limbs.items():
        _place(stand, mapping, limb, controls)
    keyed = [name for name in carriage.bones if name not in asked.keys.bones and name in stand.heads]
    index = [carriage.bones.index(name) for name in keyed]
    R_rig_from_bone = np.stack([stand.R_rig_from_bone[name] for name in carriage.bones], axis=1)
    return RigKeys(
        tuple(keyed), turns_beyond_rest(carriage, R_rig_from_bone)[:, index],
        np.stack([_location(stand, carriage, bone) for bone in index], axis=1),
        moves=np.array([name not in toes for name in keyed]), turns=np.array([name not in poles for name in keyed]),
    )  # fmt: skip


def joined(first: RigKeys, second: RigKeys) -> RigKeys:
    """The keys of both, of different bones over the same frames."""
    return RigKeys(
        (*first.bones, *second.bones), np.concatenate([first.R_basis, second.R_basis], axis=1),
        np.concatenate([first.locations, second.locations], axis=1),
        moves=np.concatenate([first.moves, second.moves]), turns=np.concatenate([first.turns, second.turns]),
    )  # fmt: skip


def _place(stand: _Asked, mapping: RigMapping, limb: str, controls: IkLimb) -> None:
    side, kind = side_of(limb), part_of(limb)
    upper, lower, end = (f"{side}_{part}" for part in LIMB_PARTS[kind])
    stand.carry(controls.end, mapping.first(end))
    if controls.toe:
        toe = f"{side}_toe"
        stand.carry(controls.toe, mapping.first(toe if kind == "leg" and mapping.has(toe) else end))
    if controls.pole:
        bones = [mapping.first(slot) for slot in (upper, lower, end)]
        stand.carry(controls.pole, bones[0])
        stand.heads[controls.pole] = _pole(stand, controls.pole, *bones)


def _pole(stand: _Asked, pole: str, upper: str, lower: str, end: str) -> Array:
    """Where the pole [T, 3] is: level with knee or elbow, as far before it as at rest.

    Blender turns a limb about the way to its goal, as it is bent at rest, until the pole is on the same side of that
    way (IK_QJacobianSolver::ConstrainPoleVector): a pole beside the plane of the bend stays as far beside.
    """
    rest = _Bend.of(*(stand.rest_head(bone)[None] for bone in (upper, lower, end)))
    rest_aside = rest.square(stand.rest_head(pole) - stand.rest_head(upper))
    beside_rad = rest.angle_rad(rest.side(rest_aside, against_deg=OWN_PLANE_DEG), rest_aside)
    bend = _Bend.of(*(stand.heads[bone] for bone in (upper, lower, end)))
    # Along with the upper bone, this is to where a straight limb would bend.
    usual = stand.turn_since_rest(upper) @ rest.turned(rest_aside, -beside_rad)[0]
    aside = bend.turned(bend.side(usual), beside_rad)
    before = np.linalg.norm(stand.rest_head(pole) - stand.rest_head(lower))
    return bend.level + (bend.depth + before) * aside


@dataclass(frozen=True, eq=False)
class _Bend:
    """A limb of two bones over T frames, in the rig."""

    way: Array          # [T, 3] unit, from its root to its end
    level: Array        # [T, 3] the place on the way that is level with the hinge
    own: Array          # [T, 3] unit, from there to the hinge
    depth: Array        # [T, 1] how far that is
    bent_deg: Array     # [T, 1]

    @classmethod
    def of(cls, root: Array, hinge: Array, end: Array) -> _Bend:
        way, upper, lower = normalised(end - root), normalised(hinge - root), normalised(end - hinge)
        level = root + np.sum((hinge - root) * way, axis=-1, keepdims=True) * way
        cosine = np.sum(upper * lower, axis=-1, keepdims=True)
        sine = np.linalg.norm(np.cross(upper, lower), axis=-1, keepdims=True)
        return cls(way, level, normalised(hinge - level), np.linalg.norm(hinge - level, axis=-1, keepdims=True),
                   np.rad2deg(np.arctan2(sine, cosine)))  # fmt: skip

    def square(self, direction: Array) -> Array:
        """The unit part [T, 3] of a direction that is square to the way."""
        return normalised(direction - np.sum(direction * self.way, axis=-1, keepdims=True) * self.way)

    def side(self, usual: Array, against_deg: tuple[float, float] = AGAINST_HINGE_DEG) -> Array:
        """To where the limb is bent [T, 3], square to the way; to where it usually is, as far as it is straight."""
        usual = self.square(usual)
        against = 0.5 - 0.5 * np.sum(self.own * usual, axis=-1, keepdims=True)
        low, high = (a + against * (b - a) for a, b in zip(OWN_PLANE_DEG, against_deg, strict=True))
        share = np.clip((self.bent_deg - low) / (high - low), 0.0, 1.0)
        return normalised(usual + share * share * (3.0 - 2.0 * share) * (self.own - usual))

    def turned(self, aside: Array, angle_rad: float) -> Array:
        """Directions [T, 3] square to the way, turned about it."""
        return np.cos(angle_rad) * aside + np.sin(angle_rad) * np.cross(self.way, aside)

    def angle_rad(self, start: Array, end: Array) -> float:
        """From one direction [1, 3] to another about the way."""
        return float(np.arctan2(np.sum(np.cross(start, end) * self.way), np.sum(start * end)))


def _location(stand: _Asked, carriage: Carriage, bone: int) -> Array:
    """[T, 3] in the axes of the bone's location."""
    place = stand.heads[carriage.bones[bone]]
    if (carrier := int(carriage.place_carriers[bone])) >= 0:
        name = carriage.bones[carrier]
        place = np.einsum("tji,tj->ti", stand.R_rig_from_bone[name], place - stand.heads[name])
    return (place - carriage.unposed_heads[bone]) @ carriage.R_carrier_from_location[bone]
