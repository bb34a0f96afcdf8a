"""A motion on the artist's character: read, computed, written as one new action, and checked as Blender shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import bpy

from ...motion.arrays import Array
from ...motion.retarget.limb_errors import spread_frames, turned_by_solving_deg
from ...motion.retarget.mapping.rig_mapping import RigMapping
from ...motion.retarget.retarget import Retargeted, keyed_bones, retarget
from ...motion.retarget.rig.rig import Rig
from ...motion.retarget.settings import RetargetSettings
from ...motion.retarget.source.mirror import mirrored
from ...motion.retarget.source.source_pose import SourcePose
from .keys.channels import Channel, channels_of
from .keys.kept_contacts import note_contacts
from .keys.whole_or_nothing import whole_or_nothing
from .keys.write_keys import let_action_show, refuse_tweaking, write_action
from .limb_errors import shown_errors_deg
from .panel.reference_pose import with_reference
from .rig.control_rig import prepared
from .rig.held_values import HeldValue
from .rig.ik_keys import with_ik_keys
from .rig.moved_besides import notes_of_movers
from .rig.own_table import own_table
from .rig.read_rig import is_posed, read_rig, refuse_unusable
from .sources import Source

Report = Callable[[float, str], None]   # the share that is done, and what comes next
_SOME_FRAMES = 64   # on which it is looked at how far solving turned limbs


@dataclass(frozen=True)
class Wish:
    """What the artist asks for."""

    mapping: RigMapping
    settings: RetargetSettings
    reference: Literal["rest", "pose"] = "rest"   # in which of its poses the character stands as the source at rest
    ik: bool = False                              # whether IK controls get keys where the rig has them
    name: str = ""                                # of the action; "": the motion's and the character's
    reference_pose: str = ""                      # text of the kept pose that "pose" means; "": the one of now


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything but the writing."""

    retargeted: Retargeted
    rig: Rig
    frames: Array                      # [T] scene frames
    channels: tuple[Channel, ...]
    held: tuple[HeldValue, ...]        # switches and the like
    notes: tuple[str, ...]             # for the artist
    name: str                          # of the action to be
    turned_by_solving: dict[str, float]   # deg by limb, from where the source's limbs point


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was done. Errors in degrees by limb, the largest on some frames."""

    action: bpy.types.Action
    limb_errors: dict[str, float]          # from what was asked, as Blender shows the character
    turned_by_solving: dict[str, float]    # by which feet and hands reach, from where the source's limbs point
    notes: tuple[str, ...] = field(default_factory=tuple)


def plan(character: bpy.types.Object, source: Source, wish: Wish, report: Report) -> Plan:
    """What will be keyed. The character is as before, whatever happens. Raises Refusal when it cannot be done."""
    report(0.0, "Reading the rig")
    refuse_unusable(character)
    refuse_tweaking(character)
    rig = _rig(character, wish)
    table = own_table(character, rig, wish.mapping.family)
    state = prepared(character, wish.mapping, table, keyed_bones(rig, wish.mapping, wish.settings), wish.ik)
    report(0.2, "Bringing the motion over")
    asked = retarget(source.pose, rig, wish.mapping, wish.settings, state.carriage, table.shown if table else {})
    report(0.5, "Finding the channels")
    channels, locked = channels_of(character, with_ik_keys(asked, rig, wish.mapping, state))
    notes = (*state.notes, *locked, *notes_of_movers(character))
    name = wish.name or f"{source.name} on {character.name}"
    return Plan(asked, rig, source.frames, tuple(channels), state.held, notes, name,
                _turned_by_solving(asked, source.pose, wish.settings))  # fmt: skip


def _rig(character: bpy.types.Object, wish: Wish) -> Rig:
    if wish.reference_pose:
        return with_reference(read_rig(character, "rest", wish.mapping), wish.reference_pose)
    return read_rig(character, wish.reference, wish.mapping)


def _turned_by_solving(asked: Retargeted, source: SourcePose, settings: RetargetSettings) -> dict[str, float]:
    source = mirrored(source) if settings.mirrored else source
    some = spread_frames(source.frame_count, _SOME_FRAMES)
    return turned_by_solving_deg(asked.target, source, asked.R_world_from_joint, asked.joints_world, some)


def write_plan(character: bpy.types.Object, source: Source, plan: Plan) -> bpy.types.Action:
    """The planned keys as a new action of the character. When that fails, all is as it was."""
    action = write_action(character, plan.name, plan.frames, plan.channels, plan.held)
    note_contacts(action, source.pose.contacts, plan.frames)
    return action


def show_frame(character: bpy.types.Object, plan: Plan, index: int) -> None:
    """Pose the character as frame `index` of the plan will be, without keys."""
    for held in plan.held:
        held.set_on(character)
    bones = character.pose.bones
    for channel in plan.channels:
        getattr(bones[channel.bone], channel.property)[channel.index] = channel.values[index]


def retarget_character(character: bpy.types.Object, source: Source, wish: Wish, report: Report) -> Outcome:
    """Give the character the motion. When anything fails, all is as it was. Raises Refusal when it cannot be done."""
    made = plan(character, source, wish, report)
    with whole_or_nothing(character, made.held):
        report(0.6, "Writing keys")
        action = write_plan(character, source, made)
        nla_notes = let_action_show(character)
        report(0.8, "Looking at the limbs")
        errors = shown_errors_deg(character, made.rig, made.retargeted, made.frames) if is_posed(character) else {}
    report(1.0, "Done")
    unseen = () if errors else (f"{character.name} is hidden, so that nobody looked at how its limbs come out",)
    return Outcome(action, errors, made.turned_by_solving, (*made.notes, *nla_notes, *unseen))
