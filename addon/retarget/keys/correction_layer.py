"""A layer over a character's motion: what the artist keys there is added to the capture, which stays as it is."""

from __future__ import annotations

import bpy

from ....motion.refusal import Refusal
from ...curves import curves_in
from .assigned_action import assign
from .write_keys import refuse_tweaking

LAYER = "mambocap_corrects"    # on the layer's action: the action that it corrects


def has_correction_layer(character: bpy.types.Object) -> bool:
    return _corrected(character) is not None


def why_no_layer(character: bpy.types.Object) -> str:
    """Why no layer can be laid over a character's motion, "" when one can."""
    animation = character.animation_data
    override = character.override_library
    if character.library is not None:
        return f"{character.name} is linked: make it a library override first"
    if override is not None and getattr(override, "is_system_override", False):
        return f"{character.name} is not editable: Object > Library Override > Make, with its hierarchy"
    if animation is None or animation.action is None:
        return f"{character.name} has no action"
    if has_correction_layer(character):
        return f"{character.name} has a correction layer: key your corrections"
    return ""


def add_correction_layer(character: bpy.types.Object) -> bpy.types.Action:
    """Move a character's action to an NLA track and assign an empty one that is combined with it. Returns that.

    Raises Refusal while a strip is tweaked, or where the NLA is switched off and would bring in other tracks.
    """
    refuse_tweaking(character)
    _refuse_silent_nla(character)
    animation = character.animation_data
    action, slot = animation.action, getattr(animation, "action_slot", None)
    track = animation.nla_tracks.new()
    track.name = action.name
    _add_strip(track, animation, action, slot)
    layer = bpy.data.actions.new(f"{action.name} Corrections")
    layer[LAYER] = action
    if hasattr(layer, "slots"):
        layer.slots.new(id_type=character.id_type, name=character.name)
    assign(character, layer)
    animation.action_blend_type, animation.action_influence = "COMBINE", 1.0
    animation.use_nla = True
    return layer


def remove_correction_layer(character: bpy.types.Object) -> None:
    """Assign the corrected action again. Corrections that were keyed stay in the file, not used."""
    refuse_tweaking(character)
    animation, layer = character.animation_data, character.animation_data.action
    track, strip = _corrected(character)
    blend_type, influence = strip.blend_type, strip.influence
    action, slot = strip.action, getattr(strip, "action_slot", None)
    animation.action = None
    animation.nla_tracks.remove(track)
    assign(character, action, slot.identifier if slot else "")
    animation.action_blend_type, animation.action_influence = blend_type, influence
    if any(len(curve.keyframe_points) for curve in curves_in(layer)):
        layer.use_fake_user = True
    else:
        bpy.data.actions.remove(layer)


def _refuse_silent_nla(character: bpy.types.Object) -> None:
    animation = character.animation_data
    if len(animation.nla_tracks) and not animation.use_nla:
        raise Refusal("nla-off", f"The NLA tracks of {character.name} are switched off, and a layer would show them.",
                      "Remove the tracks that you do not need, or switch them on.")  # fmt: skip
    solo = next((track.name for track in animation.nla_tracks if track.is_solo), "")
    if solo:
        raise Refusal("nla-solo", f"The NLA track {solo} of {character.name} plays alone.", "Click its star first.")


def _add_strip(
    track: bpy.types.NlaTrack, animation: bpy.types.AnimData, action: bpy.types.Action, slot: object | None
) -> None:  # fmt: skip
    """The action as a strip that plays as the action did, keys between whole frames included."""
    start, end = action.frame_range
    strip = track.strips.new(action.name, int(start), action)
    strip.name = action.name
    if slot is not None:
        strip.action_slot = next(each for each in action.slots if each.identifier == slot.identifier)
    strip.action_frame_start, strip.action_frame_end = start, max(end, start + 1.0)
    strip.frame_end, strip.frame_start = max(end, start + 1.0), start
    strip.blend_type, strip.influence = animation.action_blend_type, animation.action_influence
    strip.extrapolation = "HOLD"


def _corrected(character: bpy.types.Object) -> tuple[bpy.types.NlaTrack, bpy.types.NlaStrip] | None:
    """The track and strip that a character's layer corrects."""
    animation = character.animation_data
    action = animation.action.get(LAYER) if animation and animation.action else None
    for track in animation.nla_tracks if action is not None else ():
        for strip in track.strips:
            if strip.action == action:
                return track, strip
    return None
