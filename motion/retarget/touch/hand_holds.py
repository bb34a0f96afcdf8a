"""Where palms belong on another character: on the same part of its own body, on the floor, or at the source's place,
as the path is scaled.

Skin is known of neither, so that the gap between palm and bone is scaled: by the hips' width on hips and thighs, by the
hand's length on the other arm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...arrays import Array, Mask
from ...figure import Figure
from ...rotations import axis_angle_from_matrix, smallest_rotation
from ..slots import SIDES
from ..source.source_pose import SourcePose
from ..target.target import Target
from .held import where_it_comes_down

# Where a palm is to be [T, 3] m and by which turns [T, 3] rad its hand follows what it touches, once the character's
# joints are so: R_world_from_joint [T, J, 3, 3], joints_world [T, J, 3] m.
Place = Callable[[Array, Array], tuple[Array, Array]]


@dataclass(frozen=True, eq=False)
class HandHold:
    """A palm that holds to something at times."""

    side: str
    held: Mask                # [T]
    place: Place
    on: Literal["still", "hand", "forearm"] = "still"    # still: no arm moves it

    @property
    def on_other_arm(self) -> bool:
        return self.on != "still"


def holds_of(target: Target, source: SourcePose) -> list[HandHold]:
    """What the source's palms do that the character's can do."""
    holds = []
    for c, name in enumerate(source.contacts.names):
        side = name.removesuffix("_palm")
        if name.endswith("_palm") and source.contacts.held[:, c].any() and has_arm(target.figure, side):
            found = _place(target, source, side, c)
            if found is not None:
                holds.append(HandHold(side, source.contacts.held[:, c], *found))
    return holds


def has_arm(figure: Figure, side: str) -> bool:
    return f"{side}_arm" in figure.limbs and f"{side}_palm" in figure.point_names


def scaled_places(target: Target, source: SourcePose, side: str) -> Array:
    """The source's palm [T, 3] m where the path brings it."""
    point = source.figure.point(f"{side}_palm")
    return target.placed(source.points_world()[:, point], source.floor_world_m)


def _place(target: Target, source: SourcePose, side: str, channel: int) -> tuple[Place, str] | None:
    limbs, other = source.figure.limbs, SIDES[1 - SIDES.index(side)]
    joint = int(source.contacts.holds_to[channel])
    if joint < 0:
        return _in_world(target, source, side, channel), "still"
    if has_arm(target.figure, other) and joint == limbs[f"{other}_arm"].end:
        return _on_hand(target, source, side, other), "hand"
    if f"{other}_arm" in target.figure.limbs and joint == limbs[f"{other}_arm"].lower:
        return _on_bone(target, source, side, f"{other}_arm", _hand_scale(target, source)), "forearm"
    for leg in (f"{each}_leg" for each in SIDES):
        if leg in target.figure.limbs and joint == limbs[leg].upper:
            return _on_bone(target, source, side, leg, _width_scale(target, source)), "still"
    if joint == source.figure.parents[limbs["left_leg"].upper]:
        return _on_pelvis(target, source, side, joint), "still"
    return None


def _in_world(target: Target, source: SourcePose, side: str, channel: int) -> Place:
    places = scaled_places(target, source, side)
    rests, height_m = source.contacts.held[:, channel], source.contacts.height_m[:, channel]

    def place(R: Array, joints: Array) -> tuple[Array, Array]:
        palm = palm_of(target.figure, side, R, joints)
        return palm + where_it_comes_down(places - palm, rests, height_m), np.zeros_like(palm)

    return place


def _on_hand(target: Target, source: SourcePose, side: str, other: str) -> Place:
    points = source.points_world()
    apart = points[:, source.figure.point(f"{side}_palm")] - points[:, source.figure.point(f"{other}_palm")]
    apart = _hand_scale(target, source) * apart

    def place(R: Array, joints: Array) -> tuple[Array, Array]:
        return palm_of(target.figure, other, R, joints) + apart, np.zeros_like(apart)

    return place


def _on_bone(target: Target, source: SourcePose, side: str, limb_name: str, scale: float) -> Place:
    """On a thigh or a forearm: as far along it, as far from it, going along with how it points."""
    start, end = _bone(source.figure, limb_name, source.joints_world)
    bone = end - start
    away = source.points_world()[:, source.figure.point(f"{side}_palm")] - start
    along = np.sum(away * bone, axis=-1, keepdims=True) / np.sum(bone * bone, axis=-1, keepdims=True)
    across = away - along * bone

    def place(R: Array, joints: Array) -> tuple[Array, Array]:
        own_start, own_end = _bone(target.figure, limb_name, joints)
        turn = smallest_rotation(bone, own_end - own_start)
        beside = scale * (turn @ across[..., None])[..., 0]
        return own_start + along * (own_end - own_start) + beside, axis_angle_from_matrix(turn)

    return place


def _on_pelvis(target: Target, source: SourcePose, side: str, pelvis: int) -> Place:
    """As far aside as the hips are wide, as far up as the trunk is long."""
    away = source.points_world()[:, source.figure.point(f"{side}_palm")] - _middle(
        source.figure, source.joints_world, "leg")  # fmt: skip
    width = _width_scale(target, source)
    inside = np.einsum("tji,tj->ti", source.R_world_from_joint[:, pelvis], away)
    inside = inside * [width, _trunk_scale(target, source), width]

    def place(R: Array, joints: Array) -> tuple[Array, Array]:
        middle = _middle(target.figure, joints, "leg")
        return middle + np.einsum("tij,tj->ti", R[:, 0], inside), np.zeros_like(inside)

    return place


def palm_of(figure: Figure, side: str, R_world_from_joint: Array, joints_world: Array) -> Array:
    """A palm [T, 3] m."""
    point = figure.point(f"{side}_palm")
    joint = figure.point_joints[point]
    away = figure.points_rest[point] - figure.rest_joints[joint]
    return joints_world[:, joint] + R_world_from_joint[:, joint] @ away


def _bone(figure: Figure, limb_name: str, joints: Array) -> tuple[Array, Array]:
    """Both ends [T, 3] m of the thigh of a leg, of the forearm of an arm."""
    limb = figure.limbs[limb_name]
    ends = (limb.upper, limb.lower) if limb_name.endswith("_leg") else (limb.lower, limb.end)
    return joints[:, ends[0]], joints[:, ends[1]]


def _roots(figure: Figure, kind: str) -> list[int]:
    return [figure.limbs[f"{side}_{kind}"].upper for side in SIDES if f"{side}_{kind}" in figure.limbs]


def _middle(figure: Figure, joints: Array, kind: str) -> Array:
    """[..., 3] m, of both hips or shoulders; of the root where there are none."""
    return joints[..., _roots(figure, kind) or [0], :].mean(axis=-2)


def _width_scale(target: Target, source: SourcePose) -> float:
    own, others = (np.ptp(f.rest_joints[_roots(f, "leg") or [0], 0]) for f in (target.figure, source.figure))
    return float(own / others) if own > 0.0 else target.path_scale


def _trunk_scale(target: Target, source: SourcePose) -> float:
    own, others = (np.linalg.norm(_middle(f, f.rest_joints, "arm") - _middle(f, f.rest_joints, "leg"))
                   for f in (target.figure, source.figure))  # fmt: skip
    return float(own / others) if own > 0.0 else target.path_scale


def hand_m(figure: Figure) -> float:
    """How long hands are from wrist to palm."""
    points = [figure.point(f"{side}_palm") for side in SIDES if has_arm(figure, side)]
    places = figure.points_rest[points] - figure.rest_joints[figure.point_joints[points]]
    return float(np.linalg.norm(places, axis=-1).mean())


def _hand_scale(target: Target, source: SourcePose) -> float:
    return hand_m(target.figure) / hand_m(source.figure)
