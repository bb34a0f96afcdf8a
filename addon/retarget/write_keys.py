"""Keys as a new action on a character: whole, or nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import numpy as np

from ...motion.arrays import Array
from ...motion.refusal import Refusal
from ..curves import Keys
from .channels import Channel


@dataclass(frozen=True)
class HeldValue:
    """A number of a character, such as an IK/FK switch or a constraint's influence, that is keyed at one value."""

    path: str     # from the object, such as pose.bones["thigh_parent.L"]["IK_FK"]
    value: float
    group: str    # of the curve, its bone's name
    index: int = 0


def bone_path(bone: str, name: str, is_custom: bool = False) -> str:
    """The path from the object to a property of a pose bone."""
    start = f'pose.bones["{bpy.utils.escape_identifier(bone)}"]'
    return f'{start}["{bpy.utils.escape_identifier(name)}"]' if is_custom else f"{start}.{name}"


def influence_path(bone: str, constraint: str) -> str:
    return f'{bone_path(bone, "constraints")}["{bpy.utils.escape_identifier(constraint)}"].influence'


def write_action(
    character: bpy.types.Object, name: str, frames: Array, channels: Sequence[Channel], held: Sequence[HeldValue] = ()
) -> bpy.types.Action:
    """A new action called `name` with keys at scene frames [T], assigned to the character; the old one stays.

    When anything fails, the character has its old action again and the new one is gone.
    """
    refuse_tweaking(character)
    before = _Before.of(character)
    keys = None
    try:
        before.set_aside(character)
        keys = Keys(character, name)
        for value in held:
            keys.add(value.path, value.index, value.group, frames[:1], np.array([value.value]), steps=True)
        for channel in channels:
            path = bone_path(channel.bone, channel.property)
            keys.add(path, channel.index, channel.bone, frames, channel.values)
    except BaseException:
        before.restore(character, keys.action if keys else None)
        raise
    return keys.action


def refuse_tweaking(character: bpy.types.Object) -> None:
    """Raise Refusal while a strip of the character is edited, when Blender takes no other action."""
    if character.animation_data and character.animation_data.use_tweak_mode:
        raise Refusal("tweak-mode", f"{character.name} has a strip in tweak mode, so that it takes no new action.",
                      "Leave tweak mode in the Nonlinear Animation editor first, with Tab.")  # fmt: skip


def let_action_show(character: bpy.types.Object) -> list[str]:
    """Let a character's action replace what its NLA tracks say. Returns what the artist should know of them."""
    animation, notes = character.animation_data, []
    tracks = [track for track in animation.nla_tracks if track.strips and not track.mute] if animation.use_nla else []
    if any(track.is_solo for track in tracks):
        solo = next(track.name for track in tracks if track.is_solo)
        notes.append(f"The NLA track {solo} plays alone and hides the motion; click its star")
    elif tracks:
        names = ", ".join(track.name for track in tracks)
        notes.append(f"NLA tracks still move what the motion has no keys for: {names}")
    if animation.action_blend_type != "REPLACE" or animation.action_influence != 1.0:
        notes.append("The action was mixed with NLA tracks and now replaces them where it has keys")
        animation.action_blend_type, animation.action_influence = "REPLACE", 1.0
    return notes


@dataclass(frozen=True)
class _Before:
    """What moved a character."""

    has_data: bool
    action: bpy.types.Action | None
    slot: object | None          # bpy.types.ActionSlot, from Blender 4.4 on
    is_kept: bool                # by a fake user

    @classmethod
    def of(cls, character: bpy.types.Object) -> _Before:
        animation = character.animation_data
        action = animation.action if animation else None
        return cls(animation is not None, action, getattr(animation, "action_slot", None),
                   action is not None and action.use_fake_user)  # fmt: skip

    def set_aside(self, character: bpy.types.Object) -> None:
        if self.action is not None:
            if self.action.library is None:
                self.action.use_fake_user = True
            character.animation_data.action = None

    def restore(self, character: bpy.types.Object, new: bpy.types.Action | None) -> None:
        animation = character.animation_data
        if animation is not None:
            new = new or (animation.action if animation.action != self.action else None)
            animation.action = self.action
            if self.slot is not None:
                animation.action_slot = self.slot
        if self.action is not None and self.action.library is None:
            self.action.use_fake_user = self.is_kept
        if new is not None:
            bpy.data.actions.remove(new)
        if not self.has_data:
            character.animation_data_clear()
