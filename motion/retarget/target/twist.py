"""Twist bones: they share the roll of a limb, so that its skin is not wrung at one joint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...rotations import matrix_from_axis_angle, normalised, twist_about
from ..mapping.rig_mapping import RigMapping
from ..rig.rig import Rig
from ..slots import NEXT_PART, SIDES
from .anatomy import last_joint
from .target import Target

# Towards which joint a limb's roll is counted: an upper arm rolls against the shoulder, a forearm against the hand.
_AGAINST_ABOVE = {"upper_arm": ("clavicle", "spine", "hips"), "thigh": ("hips",)}
_AGAINST_BELOW = {"forearm": "hand", "shin": "foot"}
# A limb that points nearly opposite to its rest has no roll that could be told: its share fades out from here to there.
_TOLD_DEG, _UNTOLD_DEG = 130.0, 170.0


@dataclass(frozen=True, eq=False)
class TwistBone:
    """A bone that rolls with a limb: its turn is the limb's, rolled by a share of the limb's roll about its axis."""

    bone: int                  # of the rig
    joint: int                 # of the target: the limb's
    against: int               # the joint against which the roll is counted
    share: float               # added to the limb's own turn
    axis: Array                # [3] unit, along the limb in the rest frame
    R_joint_from_bone: Array   # [3, 3]


def twist_bones(rig: Rig, mapping: RigMapping, target: Target) -> list[TwistBone]:
    """All that the mapping has, and limbs that give a part of their roll to twist bones further down their chain.

    n twist bones divide a limb in n + 1 parts: forearms and shins roll more and more towards the hand and the foot,
    upper arms and thighs less and less towards the shoulder and the hip.
    """
    return [twist for part in (*_AGAINST_ABOVE, *_AGAINST_BELOW) for side in SIDES
            for twist in _of_limb(rig, mapping, target, side, part)]  # fmt: skip


def _of_limb(rig: Rig, mapping: RigMapping, target: Target, side: str, part: str) -> Iterator[TwistBone]:
    names = mapping.bones.get(f"{side}_{part}_twist", ())
    joint, against = target.joint(f"{side}_{part}"), _against(target, side, part)
    if not names or joint < 0 or against < 0:
        return
    limb = int(target.bones[joint])
    bones = sorted((rig.bone(name) for name in names), key=lambda bone: _away(rig, limb, bone))
    axis = _axis(target, joint, side, part)
    # What turned the limb's own bone into the T-pose turns its twist bones too.
    R_joint_from_rig = target.R_joint_from_bone[joint] @ rig.R_rig_from_reference_bone[limb].T
    parts = len(bones) + 1
    if part in _AGAINST_ABOVE and _is_in_chain(rig, mapping, side, part, bones[-1]):
        bones = [limb, *bones]
    for place, bone in enumerate(bones, start=1):
        share = place / parts - (1.0 if part in _AGAINST_ABOVE else 0.0)
        yield TwistBone(bone, joint, against, share, axis, R_joint_from_rig @ rig.R_rig_from_reference_bone[bone])


def _away(rig: Rig, limb: int, bone: int) -> float:
    return float(np.linalg.norm(rig.reference_heads[bone] - rig.reference_heads[limb]))


def _against(target: Target, side: str, part: str) -> int:
    if part in _AGAINST_BELOW:
        return target.joint(f"{side}_{_AGAINST_BELOW[part]}")
    for above in _AGAINST_ABOVE[part]:
        slot = f"{side}_{above}" if above == "clavicle" else above
        if slot in target.slots:
            return last_joint(target.slots, slot)
    return -1


def _axis(target: Target, joint: int, side: str, part: str) -> Array:
    child = target.joint(f"{side}_{NEXT_PART[part]}")
    return normalised(target.figure.rest_joints[child] - target.figure.rest_joints[joint])


def _is_in_chain(rig: Rig, mapping: RigMapping, side: str, part: str, last: int) -> bool:
    """Whether the limb's next bone hangs on the twist bone."""
    names = mapping.bones.get(f"{side}_{NEXT_PART[part]}", ())
    return bool(names) and last in rig.ancestors(rig.bone(names[0]))


def rolled(twist: TwistBone, R_world_from_joint: Array) -> Array:
    """R_world_from_bone [T, 3, 3] of a twist bone; R_world_from_joint [T, J, 3, 3] of the target."""
    R_limb, R_other = R_world_from_joint[:, twist.joint], R_world_from_joint[:, twist.against]
    if twist.share < 0.0:
        roll = _roll(twist.axis, np.swapaxes(R_other, -1, -2) @ R_limb)
    else:
        roll = _roll(twist.axis, np.swapaxes(R_limb, -1, -2) @ R_other)
    return R_limb @ matrix_from_axis_angle(twist.share * roll[:, None] * twist.axis) @ twist.R_joint_from_bone


def _roll(axis: Array, R: Array) -> Array:
    """The part [T] rad of turns [T, 3, 3] that is about the unit axis [3], as far as it can be told."""
    told = np.sqrt(np.clip(0.5 + 0.5 * (R @ axis) @ axis, 0.0, 1.0))   # cosine of half the swing
    low, high = np.cos(np.radians([_UNTOLD_DEG, _TOLD_DEG]) / 2.0)
    share = np.clip((told - low) / (high - low), 0.0, 1.0)
    return twist_about(axis, R) * share * share * (3.0 - 2.0 * share)
