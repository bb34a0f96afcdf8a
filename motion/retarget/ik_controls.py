"""Keys of a rig's IK controls that make its limbs stand as their FK bones do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..rotations import normalised
from .basis import in_rig, turns_beyond_rest
from .carriage import Carriage
from .mapping import RigMapping
from .retarget import Retargeted
from .rig import Rig
from .rig_keys import RigKeys
from .rig_table import IkLimb
from .slots import part_of, side_of

_SEGMENTS = {"arm": ("upper_arm", "forearm", "hand", ""), "leg": ("thigh", "shin", "foot", "toe")}
# A limb bent less than the first has no plane of its own that could be trusted, one bent more than the second has:
_OWN_PLANE_DEG = (2.0, 10.0)        # bent the way it bends at rest
_AGAINST_DEG = (30.0, 60.0)         # the other way: noise on a straight limb, unless it is far too much for that


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
        dict(zip(asked.keys.bones, np.moveaxis(in_rig(rig, asked.heads_world), 1, 0), strict=True)),
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
    upper, lower, end, toe = (f"{side_of(limb)}_{part}" for part in _SEGMENTS[part_of(limb)])
    stand.carry(controls.end, mapping.first(end))
    if controls.toe:
        stand.carry(controls.toe, mapping.first(toe if mapping.has(toe) else end))
    if controls.pole:
        bones = [mapping.first(slot) for slot in (upper, lower, end)]
        stand.carry(controls.pole, bones[0])
        stand.heads[controls.pole] = _pole(stand, controls.pole, *bones)


def _pole(stand: _Asked, pole: str, upper: str, lower: str, end: str) -> Array:
    """Where the pole [T, 3] is: level with knee or elbow, in the plane of the bend, as far off as at rest."""
    root, hinge, tip = (stand.heads[bone] for bone in (upper, lower, end))
    rest = stand.rest_head(pole) - stand.rest_head(lower)
    rest_way = stand.rest_head(end) - stand.rest_head(upper)
    # Twice across the way is square to it; along with the upper bone that is where the limb bends to from straight.
    rest_aside = np.cross(rest_way, np.cross(rest, rest_way))
    usual = _square(stand.turn_since_rest(upper) @ rest_aside, tip - root)
    own = _square(hinge - root, tip - root)
    return hinge + np.linalg.norm(rest) * normalised(usual + _trust(root, hinge, tip, own, usual) * (own - usual))


def _square(direction: Array, way: Array) -> Array:
    """The unit part of a direction [T, 3] that is square to a way [T, 3]."""
    way = normalised(way)
    return normalised(direction - np.sum(direction * way, axis=-1, keepdims=True) * way)


def _trust(root: Array, hinge: Array, tip: Array, own: Array, usual: Array) -> Array:
    """[T, 1] from 0 to 1, how far the bend of a limb tells its plane."""
    cosine = np.sum(normalised(hinge - root) * normalised(tip - hinge), axis=-1, keepdims=True)
    bent_deg = np.rad2deg(np.arccos(np.clip(cosine, -1.0, 1.0)))
    against = 0.5 - 0.5 * np.sum(own * usual, axis=-1, keepdims=True)
    low, high = (a + against * (b - a) for a, b in zip(_OWN_PLANE_DEG, _AGAINST_DEG, strict=True))
    share = np.clip((bent_deg - low) / (high - low), 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def _location(stand: _Asked, carriage: Carriage, bone: int) -> Array:
    """[T, 3] in the axes of the bone's location."""
    place = stand.heads[carriage.bones[bone]]
    if (carrier := int(carriage.place_carriers[bone])) >= 0:
        name = carriage.bones[carrier]
        place = np.einsum("tji,tj->ti", stand.R_rig_from_bone[name], place - stand.heads[name])
    return (place - carriage.unposed_heads[bone]) @ carriage.R_carrier_from_location[bone]
