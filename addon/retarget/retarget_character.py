"""A motion on the artist's character: read, computed, written as one new action, and checked as Blender shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import bpy
import numpy as np

from ...motion.arrays import Array, Indices
from ...motion.retarget.limb_errors import spread_frames, turned_by_solving_deg
from ...motion.retarget.mapping.rig_mapping import RigMapping
from ...motion.retarget.retarget import Retargeted, keyed_bones, retarget
from ...motion.retarget.rig.rig import Rig
from ...motion.retarget.rig.rig_keys import RigKeys
from ...motion.retarget.rig.shown_bones import NOTHING_ELSE, Shown
from ...motion.retarget.settings import RetargetSettings
from ...motion.retarget.source.mirror import mirrored
from ...motion.retarget.source.source_pose import SourcePose
from ...motion.retarget.target.target import TargetPose
from .keys.channels import Channel, channels_of
from .keys.correction_layer import correction_layer_aside
from .keys.kept_contacts import note_contacts
from .keys.whole_or_nothing import whole_or_nothing
from .keys.write_keys import let_action_show, refuse_tweaking, write_action
from .limb_errors import shown_errors_deg
from .panel.found_mapping import has_ik_controls
from .panel.reference_pose import with_reference
from .rig.control_rig import ControlState, prepared
from .rig.held_values import HeldValue
from .rig.ik_keys import with_ik_keys
from .rig.moved_besides import notes_of_movers
from .rig.own_table import own_table
from .rig.read_rig import is_posed, read_rig, refuse_unusable
from .sources import Source

Report = Callable[[float, str], None]   # the share that is done, and what comes next
_SOME_FRAMES = 64   # on which limbs are looked at
_SAME = 1e-6
_SAME_FRAME = 1e-4   # keys of 32 bits count as on the frame


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
class Task:
    """All that must be known to bring a motion over, read from Blender: nothing in here is Blender's own."""

    source: Source
    wish: Wish
    rig: Rig
    state: ControlState
    shown: Shown
    name: str            # of the action to be


@dataclass(frozen=True, eq=False)
class Brought:
    """What is asked of the character."""

    some_frames: Indices                  # [N] of the motion, which stand for all where limbs are looked at
    retargeted: Retargeted                # on these: a whole one of ten thousand frames takes 200 MB
    keys: RigKeys                         # of the bones and, where they are wished for, of IK controls
    turned_by_solving: dict[str, float]   # deg by limb, from where the source's limbs point


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything but the writing."""

    task: Task
    brought: Brought
    channels: tuple[Channel, ...]
    notes: tuple[str, ...]             # for the artist

    @property
    def held(self) -> tuple[HeldValue, ...]:
        """Switches and the like."""
        return self.task.state.held


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was done. Errors in degrees by limb, the largest on some frames."""

    action: bpy.types.Action
    limb_errors: dict[str, float]          # from what was asked, as Blender shows the character
    turned_by_solving: dict[str, float]    # by which feet and hands reach, from where the source's limbs point
    frames: tuple[int, int]                # the first and the last whole frame that it moves in
    notes: tuple[str, ...] = field(default_factory=tuple)


def task_of(character: bpy.types.Object, source: Source, wish: Wish) -> Task:
    """Read what must be known. The character is as before, whatever happens. Raises Refusal when it cannot be done."""
    refuse_unusable(character)
    refuse_tweaking(character)
    rig = _rig(character, wish)
    table = own_table(character, rig, wish.mapping.family)
    state = prepared(character, wish.mapping, table, keyed_bones(rig, wish.mapping, wish.settings), wish.ik)
    name = wish.name or f"{source.name} on {character.name}"
    return Task(source, wish, rig, state, table.shown if table else NOTHING_ELSE, name)


def brought_over(task: Task, report: Callable[[float], None] = lambda share: None) -> Brought:
    """The numbers, without Blender: any thread may do it. `report` hears 0..1 and may raise to end it."""
    source, wish, state = task.source.pose, task.wish, task.state
    asked = retarget(source, task.rig, wish.mapping, wish.settings, state.carriage, task.shown, report)
    keys = with_ik_keys(asked, task.rig, wish.mapping, state)
    some = spread_frames(source.frame_count, _SOME_FRAMES)
    solved = _turned_by_solving(asked, source, wish.settings, some)
    return Brought(some, _on_frames(asked, some), keys, solved)


def _on_frames(asked: Retargeted, frames: Indices) -> Retargeted:
    pose = TargetPose(asked.pose.R_parent_from_joint[frames], asked.pose.root_world[frames])
    keys = replace(asked.keys, R_basis=asked.keys.R_basis[frames], locations=asked.keys.locations[frames])
    return replace(
        asked, pose=pose, keys=keys, R_world_from_joint=asked.R_world_from_joint[frames],
        joints_world=asked.joints_world[frames], R_world_from_bone=asked.R_world_from_bone[frames],
        heads_world=asked.heads_world[frames],
    )  # fmt: skip


def plan(character: bpy.types.Object, source: Source, wish: Wish, report: Report) -> Plan:
    """What will be keyed. The character is as before, whatever happens. Raises Refusal when it cannot be done."""
    report(0.0, "Reading the rig")
    task = task_of(character, source, wish)
    report(0.2, "Bringing the motion over")
    brought = brought_over(task)
    report(0.5, "Finding the channels")
    return plan_of(character, task, brought)


def plan_of(character: bpy.types.Object, task: Task, brought: Brought) -> Plan:
    """What was brought over as the channels that the character's bones have now."""
    channels, locked = channels_of(character, brought.keys)
    keyed = {*brought.keys.bones, *(held.group for held in task.state.held)}
    notes = (*task.state.notes, *_where_limbs_are(task), *locked, *notes_of_movers(character, keyed))
    return Plan(task, brought, tuple(channels), notes)


def _where_limbs_are(task: Task) -> tuple[str, ...]:
    if not task.state.held or not has_ik_controls(task.wish.mapping.family):
        return ()
    return ("Limbs are in IK",) if task.state.ik else ("Limbs are in FK",)


def is_still_of(task: Task, character: bpy.types.Object) -> bool:
    """Whether the character has the bones and the rest pose with which the task was read."""
    rig, now = task.rig, read_rig(character)
    return rig.names == now.names and all(
        np.allclose(getattr(rig, name), getattr(now, name), atol=_SAME)
        for name in ("parents", "heads", "R_rig_from_bone", "inherits_rotation", "local_location")
    )  # fmt: skip


def _rig(character: bpy.types.Object, wish: Wish) -> Rig:
    if wish.reference_pose:
        return with_reference(read_rig(character, "rest", wish.mapping), wish.reference_pose)
    return read_rig(character, wish.reference, wish.mapping)


def _turned_by_solving(
    asked: Retargeted, source: SourcePose, settings: RetargetSettings, some: Indices
) -> dict[str, float]:  # fmt: skip
    source = mirrored(source) if settings.mirrored else source
    return turned_by_solving_deg(asked.target, source, asked.R_world_from_joint, asked.joints_world, some)


def _write(character: bpy.types.Object, plan: Plan) -> bpy.types.Action:
    source = plan.task.source
    action = write_action(character, plan.task.name, source.frames, plan.channels, plan.held)
    note_contacts(action, source.pose.contacts, source.frames)
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
    return keyed(character, plan(character, source, wish, report), report)


def keyed(character: bpy.types.Object, plan: Plan, report: Report) -> Outcome:
    """Write what is planned and look at what comes of it. When anything fails, all is as it was."""
    with whole_or_nothing(character, plan.held), correction_layer_aside(character) as layer_notes:
        report(0.6, "Writing keys")
        action = _write(character, plan)
        nla_notes = let_action_show(character)
        report(0.8, "Looking at the limbs")
        errors = _errors(character, plan)
    report(1.0, "Done")
    unseen = () if errors else (f"{character.name} is hidden, so that nobody looked at how its limbs come out",)
    notes = (*plan.notes, *nla_notes, *layer_notes, *unseen)
    return Outcome(action, errors, plan.brought.turned_by_solving, _whole(plan.task.source.frames), notes)


def _whole(frames: Array) -> tuple[int, int]:
    return int(np.ceil(frames[0] - _SAME_FRAME)), int(np.floor(frames[-1] + _SAME_FRAME))


def _errors(character: bpy.types.Object, plan: Plan) -> dict[str, float]:
    """None for a character that Blender does not pose."""
    task = plan.task
    if not is_posed(character):
        return {}
    brought = plan.brought
    return shown_errors_deg(character, task.rig, brought.retargeted, task.source.frames[brought.some_frames])
