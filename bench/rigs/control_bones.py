"""What makes control rigs of plain skeletons: bones that follow controls, IK that competes with FK, switches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from motion.rotations import normalised

from .human import UP
from .made_up_rig import RigBone, RigConstraint

_ARP_LIMBS = {"c_hand_ik": ("arm", "forearm", "hand"), "c_foot_ik": ("thigh", "leg", "foot")}
_ARP_POLES = {"c_hand_ik": "c_arms_pole", "c_foot_ik": "c_leg_pole"}
_POLE_M = 0.5   # before elbow or knee, in the plane in which it is bent
_ARP_DEFORM = {"c_arm_fk": "arm_stretch", "c_forearm_fk": "forearm_stretch", "c_thigh_fk": "thigh_stretch",
               "c_leg_fk": "leg_stretch", "c_toes_fk": "toes_01", "c_root_master": "root"}  # fmt: skip
# By default Auto-Rig Pro's upper arms and head do not turn with the chest.
_ARP_OWN_ROTATION = ("c_arm_fk", "c_head")


def with_auto_rig_pro_controls(bones: Sequence[RigBone]) -> tuple[list[RigBone], list[RigConstraint]]:
    """Deform bones that copy the FK controls, or IK bones as ik_fk_switch on c_hand_ik and c_foot_ik says."""
    by_name = {bone.name: bone for bone in bones}
    made, constraints = [_as_control(bone, by_name) for bone in bones], []
    for bone in bones:
        stem, dot, side = bone.name.rpartition(".")
        if bone.name == "c_traj" or stem in _ARP_LIMBS:
            continue
        deform = _ARP_DEFORM.get(stem, stem.removeprefix("c_").removesuffix("_fk")) + dot + side
        made.append(replace(bone, name=deform, parent="c_traj", deform=True))
        constraints.append(RigConstraint(deform, "COPY_TRANSFORMS", bone.name))
    for side in ("l", "r"):
        for goal, limb in _ARP_LIMBS.items():
            pole = _pole(by_name, limb, f"{_ARP_POLES[goal]}.{side}", side)
            made, constraints = _with_ik([*made, pole], constraints, by_name, limb, f"{goal}.{side}", pole.name)
    return made, constraints


def _as_control(bone: RigBone, by_name: dict[str, RigBone]) -> RigBone:
    """IK controls lie as the FK controls do, so that a limb can change between them."""
    like = by_name.get(bone.name.replace("_ik", "_fk"), bone)
    return replace(bone, tail=like.tail, roll_rad=like.roll_rad, deform=False,
                   inherit_rotation=not bone.name.startswith(_ARP_OWN_ROTATION))  # fmt: skip


def _pole(by_name: dict[str, RigBone], limb: tuple[str, str, str], name: str, side: str) -> RigBone:
    start, bend, end = (by_name[f"c_{part}_fk.{side}"].head for part in limb)
    away = normalised(bend - start - (bend - start) @ normalised(end - start) * normalised(end - start))
    head = bend + _POLE_M * away
    return RigBone(name, "c_traj", head, head + 0.1 * UP, 0.0, deform=False)


def _with_ik(
    made: list[RigBone], constraints: list[RigConstraint], by_name: dict[str, RigBone], limb: tuple[str, str, str],
    goal: str, pole: str,
) -> tuple[list[RigBone], list[RigConstraint]]:  # fmt: skip
    """A second chain of two bones that reaches for `goal`, and what the deform bones take from it."""
    side = goal.rpartition(".")[2]
    upper, lower, end = limb
    parent = by_name[f"c_{upper}_fk.{side}"].parent
    chain = [(f"{upper}_ik.{side}", f"c_{upper}_fk.{side}", parent),
             (f"{lower}_ik.{side}", f"c_{lower}_fk.{side}", f"{upper}_ik.{side}")]  # fmt: skip
    made = made + [replace(by_name[like], name=name, parent=above, deform=False) for name, like, above in chain]
    switch = {"switch": (goal, "ik_fk_switch"), "switched_off_at": 1.0}
    followers = ((f"{upper}_stretch.{side}", chain[0][0]), (f"{lower}_stretch.{side}", chain[1][0]),
                 (f"{end}.{side}", goal))  # fmt: skip
    return made, [
        *constraints, RigConstraint(chain[1][0], "IK", goal, chain_count=2, pole=pole),
        *(RigConstraint(bone, "COPY_TRANSFORMS", target, **switch) for bone, target in followers),
    ]  # fmt: skip


def with_mmd_legs(bones: Sequence[RigBone]) -> tuple[list[RigBone], list[RigConstraint]]:
    """Legs that reach for 足ＩＫ, and the D bones that carry the weights and copy them."""
    by_name = {bone.name: bone for bone in bones}
    made, constraints = list(bones), []
    for side in ("左", "右"):
        above = "下半身"
        for name in ("足", "ひざ", "足首"):
            made.append(replace(by_name[f"{side}{name}"], name=f"{side}{name}D", parent=above))
            constraints.append(RigConstraint(f"{side}{name}D", "COPY_TRANSFORMS", f"{side}{name}"))
            above = f"{side}{name}D"
        for bone, goal, count in (("ひざ", "足ＩＫ", 2), ("足首", "つま先ＩＫ", 1)):
            constraints.append(RigConstraint(f"{side}{bone}", "IK", f"{side}{goal}", count,
                                             switch=(f"{side}{goal}", "mmd_ik_toggle")))  # fmt: skip
    return made, constraints
