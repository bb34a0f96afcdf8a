"""What a control rig needs beside its keys: switches, controls at rest, and what carries what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import bpy

from ....motion.refusal import Refusal
from ....motion.retarget.mapping.rig_mapping import RigMapping
from ....motion.retarget.mapping.rig_table import IkLimb, RigTable, Switch
from ....motion.retarget.rig.carriage import Carriage
from ....motion.retarget.slots import part_of, side_of
from .borrowed_rig import BorrowedRig, borrowed, influences, is_custom, read_switch
from .held_values import HeldValue, bone_path, influence_path
from .measured_carriage import Measured, measured_carriage
from .pose_channels import rotation_property
from .taken_over import Owned, constraints_over, driven_bones, hangs_on_more, is_driven, is_influence_driven

_NO_TABLE = RigTable("", "", {})
_UNTURNED = {"rotation_quaternion": (1.0, 0.0, 0.0, 0.0), "rotation_axis_angle": (0.0, 0.0, 1.0, 0.0),
             "rotation_euler": (0.0, 0.0, 0.0)}  # fmt: skip


@dataclass(frozen=True)
class ControlState:
    """How a rig must stand for its keys to be obeyed."""

    bones: tuple[str, ...]                # those that can be keyed
    carriage: Carriage | None = None      # of these bones; None: their parents are all that carries them
    held: tuple[HeldValue, ...] = ()      # to key with them
    notes: tuple[str, ...] = ()           # for the artist, each one sentence
    ik: Mapping[str, IkLimb] = field(default_factory=dict)   # the IK controls to key, by limb
    ik_carriage: Carriage | None = None   # of the bones and the IK controls, switched to IK


def prepared(
    character: bpy.types.Object, mapping: RigMapping, table: RigTable | None, bones: Sequence[str], ik: bool = False
) -> ControlState:  # fmt: skip
    """What must be known of a character before `bones` are keyed, and their IK controls too where `ik` asks for them.

    The rig is posed for a moment and given back as it was. Raises Refusal for one that Blender would not evaluate, or
    whose hips or root a driver turns.
    """
    table = table or _NO_TABLE
    driven = driven_bones(character, bones)
    _refuse_driven_path(character, mapping, driven)
    keyed = tuple(name for name in bones if name not in driven)
    limbs = _ik_limbs(character, mapping, table) if ik else {}
    notes = [f"{name} is driven and gets no keys." for name in driven]
    if ik and not limbs:
        notes.append(f"{character.name} has no IK controls that are known, so that none got keys.")
    is_switched = bool(_found(character, table, [switch.bone for switch in table.switches]))
    if not (driven or limbs or is_switched or needs_measuring(character, keyed)):
        return ControlState(keyed, notes=tuple(notes))
    with borrowed(character) as rig:
        state = _tried(character, rig, mapping, table, keyed, limbs)
    return replace(state, notes=(*notes, *state.notes))


def needs_measuring(character: bpy.types.Object, bones: Collection[str]) -> bool:
    """Whether anything but their parents may carry the bones."""
    return hangs_on_more(character, bones)


def _refuse_driven_path(character: bpy.types.Object, mapping: RigMapping, driven: Collection[str]) -> None:
    for slot in ("root", "hips", "pelvis"):
        if mapping.has(slot) and (bone := mapping.first(slot)) in driven:
            raise Refusal("driven-hips", f"A driver turns {bone} of {character.name}, so that no key can.",
                          f"Choose another bone as the {slot}, or remove the driver.")  # fmt: skip


def _tried(
    character: bpy.types.Object, rig: BorrowedRig, mapping: RigMapping, table: RigTable, bones: tuple[str, ...],
    limbs: Mapping[str, IkLimb],
) -> ControlState:  # fmt: skip
    before = influences(character)
    moving = tuple(mapping.first(slot) for slot in ("root", "hips") if mapping.has(slot))
    switches = _switched(character, rig, mapping, table, {})
    at_rest = [name for name in _adding(character, table, limbs) if name not in bones]
    rig.rest(at_rest)
    reaching, words = _freed(character, rig, constraints_over(character, rig, bones, moving), limbs)
    measured = measured_carriage(character, rig, bones, moving)
    doubts, ik_carriage = measured.doubts, None
    if limbs:
        for constraint, influence in reaching:
            rig.switch(constraint, "influence", influence)
        switches = _switched(character, rig, mapping, table, limbs)
        with_ik = _measured_with_ik(character, rig, bones, moving, limbs)
        doubts, ik_carriage = (*doubts, *with_ik.doubts), with_ik.carriage
    held = (*switches, *_changed_influences(character, before), *_rest_values(character, at_rest))
    return ControlState(bones, measured.carriage, held, tuple(dict.fromkeys((*words, *doubts))), limbs, ik_carriage)


def _adding(character: bpy.types.Object, table: RigTable, limbs: Mapping[str, IkLimb]) -> list[str]:
    """Controls that would add a pose of their own to keyed bones, or to the IK controls of `limbs`."""
    return [*_found(character, table, table.at_rest), *(name for limb in limbs.values() for name in limb.at_rest)]


def _measured_with_ik(
    character: bpy.types.Object, rig: BorrowedRig, bones: Sequence[str], moving: Sequence[str],
    limbs: Mapping[str, IkLimb],
) -> Measured:  # fmt: skip
    placed = [name for limb in limbs.values() for name in (limb.end, limb.pole) if name]
    every = dict.fromkeys((*bones, *placed, *(limb.toe for limb in limbs.values() if limb.toe)))
    return measured_carriage(character, rig, tuple(every), (*moving, *placed), needed=placed)


def _changed_influences(character: bpy.types.Object, before: Mapping[tuple[str, str], float]) -> list[HeldValue]:
    """Of constraints switched off, and of those that an add-on's own code switched: an action does not run that."""
    return [
        HeldValue(influence_path(*of), influence, of[0])
        for of, influence in influences(character).items()
        if influence != before[of] and not is_influence_driven(character, *of)
    ]  # fmt: skip


def _is_of(constraint: bpy.types.Constraint, limbs: Mapping[str, IkLimb]) -> bool:
    """Whether a constraint reaches for an IK control."""
    return getattr(constraint, "subtarget", "") in {name for limb in limbs.values() for name in (limb.end, limb.toe)}


def _limb_of(slot: str) -> str:
    part = part_of(slot)
    if part in ("upper_arm", "forearm", "hand"):
        return f"{side_of(slot)}_arm"
    return f"{side_of(slot)}_leg" if part in ("thigh", "shin", "foot", "toe") else ""


def _switched(
    character: bpy.types.Object, rig: BorrowedRig, mapping: RigMapping, table: RigTable, limbs: Collection[str]
) -> list[HeldValue]:  # fmt: skip
    """Set the switches that this very rig has, those of `limbs` for IK, and say what to key."""
    held = []
    for switch in table.switches:
        value = _value(switch, mapping, limbs)
        for name in _found(character, table, [switch.bone]) if value is not None else ():
            bone = character.pose.bones[name]
            path = bone_path(name, switch.property, is_custom(bone, switch.property))
            if _has(bone, switch.property) and not is_driven(character, path):
                rig.switch(bone, switch.property, value)
                held.append(HeldValue(path, value, name))
    return held


def _value(switch: Switch, mapping: RigMapping, limbs: Collection[str]) -> float | None:
    """What a switch is set to; None: it stays as it is."""
    if switch.slots and not any(mapping.has(slot) for slot in switch.slots):
        return None
    is_ik = bool(limbs) and (not switch.slots or any(_limb_of(slot) in limbs for slot in switch.slots))
    return switch.ik_value if is_ik and switch.ik_value is not None else switch.fk_value


def _has(bone: bpy.types.PoseBone, name: str) -> bool:
    try:
        return isinstance(read_switch(bone, name), (bool, int, float))
    except KeyError:
        return False


def _found(character: bpy.types.Object, table: RigTable, names: Iterable[str]) -> list[str]:
    """The names as this very rig has them, in its own words or with a prefix; those that it lacks are left out."""
    found = []
    for name in names:
        others = [prefix + word for word in (name, *table.aliases.get(name, ())) for prefix in ("", *table.prefixes)]
        found += [word for word in others if word in character.pose.bones][:1]
    return found


def _ik_limbs(character: bpy.types.Object, mapping: RigMapping, table: RigTable) -> dict[str, IkLimb]:
    """The IK controls that this very rig has, of limbs whose hand or foot is mapped."""
    limbs = {}
    for limb, controls in table.ik.items():
        names = (controls.end, controls.pole, controls.toe)
        end, pole, toe = ("".join(_found(character, table, [name])) for name in names)
        if end and mapping.has(f"{side_of(limb)}_{'hand' if part_of(limb) == 'arm' else 'foot'}"):
            limbs[limb] = IkLimb(end, pole, toe, tuple(_found(character, table, controls.at_rest)))
    return limbs


def _freed(
    character: bpy.types.Object, rig: BorrowedRig, taken: Iterable[Owned], limbs: Mapping[str, IkLimb]
) -> tuple[list[tuple[bpy.types.Constraint, float]], list[str]]:  # fmt: skip
    """Switch off constraints that would turn keyed bones. Those that reach for IK controls, with the influence that
    they had, and about the others in words.
    """
    reaching, words = [], []
    for owner, constraint in taken:
        if is_influence_driven(character, owner.name, constraint.name):
            words.append(f"{constraint.name} of {owner.name} is driven, so that bones may not obey their keys.")
            continue
        if _is_of(constraint, limbs):
            reaching.append((constraint, constraint.influence))
        else:
            words.append(f"{constraint.name} of {owner.name} is switched off by a key: it would turn keyed bones.")
        rig.switch(constraint, "influence", 0.0)
    return reaching, words


def _rest_values(character: bpy.types.Object, names: Iterable[str]) -> list[HeldValue]:
    held = []
    for name in names:
        turn = rotation_property(character.pose.bones[name].rotation_mode)
        for channel, rest in (("location", (0.0,) * 3), (turn, _UNTURNED[turn])):
            held += [HeldValue(bone_path(name, channel), value, name, index) for index, value in enumerate(rest)]
    return held
