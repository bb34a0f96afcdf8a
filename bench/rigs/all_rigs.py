"""The made-up characters: one of every family, no two alike in proportions, rest pose, rolls, scale or place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from motion.arrays import Array
from motion.rotations import matrix_from_axis_angle

from . import families
from .control_bones import with_auto_rig_pro_controls, with_mmd_legs
from .grow import grown
from .human import Human
from .made_up_rig import MadeUpRig, RigBone, RigConstraint
from .names import Names

_FACING_X = matrix_from_axis_angle([0.0, 0.0, np.pi / 2])   # takes -Y to +X
_Y_UP = matrix_from_axis_angle([np.pi / 2, 0.0, 0.0])       # the rig's Y is the world's Z, as after importing FBX
_Controls = Callable[[Sequence[RigBone]], tuple[list[RigBone], list[RigConstraint]]]


@dataclass(frozen=True, eq=False)
class _Plan:
    """One character: names, body, and how its object stands."""

    title: str
    names: Names
    human: Human = field(default_factory=Human)
    rest: str = "A"
    scale: float = 1.0
    turn: Array = field(default_factory=lambda: np.eye(3))
    place: tuple[float, float, float] = (0.0, 0.0, 0.0)
    facing: Array = field(default_factory=lambda: np.eye(3))   # R_world_from_human
    odd_tails: bool = False
    controls: _Controls | None = None
    switches: tuple[tuple[str, str, float], ...] = ()


def _yaw(angle_deg: float) -> Array:
    return matrix_from_axis_angle([0.0, 0.0, np.radians(angle_deg)])


def _plans() -> dict[str, _Plan]:
    tall = Human(thigh=0.48, shin=0.47, foot=0.15, torso=0.52, upper_arm=0.31, forearm=0.28, shoulder_width=0.40)
    slight = Human(thigh=0.38, shin=0.39, torso=0.42, hip_width=0.15, shoulder_width=0.26, neck=0.07, head=0.24)
    return {
        "mixamo": _Plan("Mixamo", families.MIXAMO, Human(), "T", 0.01, _Y_UP),
        "auto_rig_pro": _Plan(
            "Auto-Rig Pro", families.AUTO_RIG_PRO,
            replace(tall, arms_down_deg=32.0, arms_forward_deg=8.0, elbows_bent_deg=14.0, palms_turned_deg=25.0,
                    knees_bent_deg=6.0, legs_apart_deg=5.0),
            "own", controls=with_auto_rig_pro_controls, place=(0.4, -0.3, 0.0),
            switches=tuple((f"c_{end}_ik.{side}", "ik_fk_switch", 0.0) for end in ("hand", "foot") for side in "lr")),
        "unreal_ue5": _Plan("Unreal Manny/Quinn", families.UNREAL_5,
                            replace(tall, arms_down_deg=50.0, legs_apart_deg=4.0), scale=0.01, odd_tails=True),
        "unreal_ue4": _Plan("Unreal Mannequin", families.UNREAL_4,
                            Human(arms_down_deg=54.0, elbows_bent_deg=9.0, shin=0.43, hand=0.10),
                            scale=0.01, turn=_yaw(35.0), place=(-1.2, 2.0, 0.35), odd_tails=True),
        "metahuman": _Plan("MetaHuman", families.METAHUMAN, Human(arms_down_deg=46.0, thigh=0.44, forearm=0.23),
                           scale=0.01, odd_tails=True),
        "vroid": _Plan("VRoid", families.VROID, slight, "T"),
        "mpfb_default": _Plan("MPFB default", families.MPFB_DEFAULT,
                              Human(arms_down_deg=45.0, head=0.17, upper_arm=0.26), scale=0.1,
                              facing=_FACING_X),
        "mpfb_game_engine": _Plan("MPFB game engine", families.MPFB_GAME_ENGINE,
                                  Human(arms_down_deg=48.0, torso=0.46, upper_arm=0.25)),
        "cc_base": _Plan("Character Creator", families.CC_BASE,
                         Human(arms_down_deg=46.0, palms_turned_deg=35.0, shin=0.44, hip_width=0.21),
                         scale=0.01, turn=_yaw(180.0)),
        "daz_g8": _Plan("Daz Genesis 8", families.DAZ_G8,
                        replace(tall, arms_down_deg=45.0, feet_out_deg=12.0, thigh=0.45), scale=0.01, turn=_Y_UP),
        "daz_g9": _Plan("Daz Genesis 9", families.DAZ_G9, Human(arms_down_deg=52.0, shoulder_width=0.37, torso=0.55),
                        scale=0.01, turn=_Y_UP, odd_tails=True),
        "mmd": _Plan("MikuMikuDance", families.MMD, replace(slight, arms_down_deg=38.0, knees_bent_deg=4.0), scale=0.08,
                     controls=with_mmd_legs,
                     switches=tuple((f"{side}{goal}", "mmd_ik_toggle", 1.0)
                                    for side in "左右" for goal in ("足ＩＫ", "つま先ＩＫ"))),
        "smplx": _Plan("SMPL-X", families.SMPLX, Human(thigh=0.39, shin=0.42, elbows_bent_deg=4.0), "T", turn=_Y_UP),
        "toon": _Plan("A toon without a family", _toon_names(),
                      Human(thigh=0.16, shin=0.14, foot=0.12, torso=0.40, head=0.55, neck=0.04, upper_arm=0.42,
                            forearm=0.40, hand=0.13, hip_width=0.22, shoulder_width=0.30, arms_down_deg=20.0,
                            arms_forward_deg=15.0, elbows_bent_deg=20.0),
                      "own", scale=2.5, turn=_yaw(-70.0), place=(3.0, 1.0, -0.5)),
    }  # fmt: skip


def _toon_names() -> Names:
    return Names(
        ("_L", "_R"), "body", ("belly", "chest"), ("neck",), "skull",
        {slot: (f"{name}{{s}}",) for slot, name in (
            ("clavicle", "collarbone"), ("upper_arm", "bicep"), ("forearm", "elbow"), ("hand", "palm"),
            ("thigh", "thigh"), ("shin", "knee"), ("foot", "ankle"), ("toe", "toes"))},
        root="ground",
    )  # fmt: skip


def made_up_rigs() -> dict[str, MadeUpRig]:
    """All of them by name: always the same ones."""
    rigs = {name: _built(name, plan, seed) for seed, (name, plan) in enumerate(_plans().items())}
    return rigs | {"nameless": nameless(rigs["mixamo"], np.random.default_rng(99))}


def _built(name: str, plan: _Plan, seed: int) -> MadeUpRig:
    rng = np.random.default_rng(seed)
    bones, slots = grown(plan.names, plan.human, rng, plan.odd_tails)
    bones, constraints = plan.controls(bones) if plan.controls else (bones, [])
    place = np.array(plan.place)

    def in_rig(point: Array) -> Array:
        return plan.facing @ point @ plan.turn / plan.scale

    return MadeUpRig(
        name, plan.title, plan.rest,
        tuple(replace(bone, head=in_rig(bone.head), tail=in_rig(bone.tail)) for bone in bones), slots, plan.scale,
        plan.turn, place, tuple(constraints), plan.switches,
        {name: in_rig(point) for name, point in plan.human.soles().items()}, name if name != "toon" else "",
    )  # fmt: skip


def nameless(made_up: MadeUpRig, rng: np.random.Generator) -> MadeUpRig:
    """The same character with bones called Bone, Bone.001 and so on, and made in an order that tells nothing."""
    order = _any_order(made_up.bones, rng)
    called = {"": ""} | {bone.name: f"Bone.{i:03d}" if i else "Bone" for i, bone in enumerate(order)}
    bones = tuple(replace(bone, name=called[bone.name], parent=called[bone.parent]) for bone in order)
    slots = {slot: tuple(called[name] for name in chain) for slot, chain in made_up.slots.items()}
    return replace(made_up, name="nameless", family="", title="A rig without names", bones=bones, slots=slots)


def _any_order(bones: Sequence[RigBone], rng: np.random.Generator) -> list[RigBone]:
    """By chance, but parents first."""
    waiting, done = list(bones), {""}
    order = []
    while waiting:
        ready = [bone for bone in waiting if bone.parent in done]
        chosen = ready[rng.integers(len(ready))]
        order.append(chosen)
        done.add(chosen.name)
        waiting.remove(chosen)
    return order
