"""Keys as a new action on a character: whole, or nothing changes."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np

from ....motion.arrays import Array
from ....motion.refusal import Refusal
from ...curves import Keys
from ..rig.held_values import HeldValue, bone_path
from .channels import Channel
from .whole_or_nothing import whole_or_nothing


def write_action(
    character: bpy.types.Object, name: str, frames: Array, channels: Sequence[Channel], held: Sequence[HeldValue] = ()
) -> bpy.types.Action:
    """A new action called `name` with keys at scene frames [T], assigned to the character; the old one stays.

    When anything fails, all is as it was. Raises Refusal as refuse_tweaking does.
    """
    refuse_tweaking(character)
    with whole_or_nothing(character, held):
        _set_old_action_aside(character)
        keys = Keys(character, name)
        for value in held:
            keys.add(value.path, value.index, value.group, frames[:1], np.array([value.value]), steps=True)
        for channel in channels:
            path = bone_path(channel.bone, channel.property)
            keys.add(path, channel.index, channel.bone, frames, channel.values)
    return keys.action


def _set_old_action_aside(character: bpy.types.Object) -> None:
    animation = character.animation_data
    if animation is None or animation.action is None:
        return
    if animation.action.library is None:
        animation.action.use_fake_user = True
    animation.action = None


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

