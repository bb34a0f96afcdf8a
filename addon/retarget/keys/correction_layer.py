"""A layer over a character's motion: what the artist keys there is added to the capture, which stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy

from ....motion.refusal import Refusal
from ...curves import curves_in
from .assigned_action import Assigned, assign
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
    action = animation.action
    _add_track(character)
    layer = bpy.data.actions.new(f"{action.name} Corrections")
    layer[LAYER] = action
    if hasattr(layer, "slots"):
        layer.slots.new(id_type=character.id_type, name=character.name)
    assign(character, layer)
    animation.action_blend_type, animation.action_influence = "COMBINE", 1.0
    animation.use_nla = True
    return layer


@contextmanager
def correction_layer_aside(character: bpy.types.Object) -> Iterator[tuple[str, ...]]:
    """The character without its layer meanwhile, which then lies over the action that it was given: that takes the
    place of the corrected one, which stays in the file. Gives what the artist should know of it.

    When what is done inside fails, its NLA tracks are as they were; action and blending are the caller's to restore
    (whole_or_nothing). Raises Refusal as add_correction_layer does.
    """
    corrected = _corrected(character)
    if corrected is None or character.animation_data.action.library is not None:
        yield ()
        return
    refuse_tweaking(character)
    _refuse_silent_nla(character)
    (track, strip), animation, layer = corrected, character.animation_data, Assigned.to(character)
    blending, was_mute = (animation.action_blend_type, animation.action_influence), track.mute
    track.mute, animation.action = True, None
    animation.action_blend_type, animation.action_influence = strip.blend_type, strip.influence
    try:
        yield ("Your corrections stay on top",)
        new = animation.action
        _add_track(character, track)
    except BaseException:
        track.mute = was_mute
        raise
    _drop(animation, track, strip)
    layer.again(character)
    layer.action[LAYER] = new
    animation.action_blend_type, animation.action_influence = blending


def _drop(animation: bpy.types.AnimData, track: bpy.types.NlaTrack, strip: bpy.types.NlaStrip) -> None:
    """Take a strip away, and its track where nothing else is on it; the action stays in the file."""
    if strip.action.library is None:
        strip.action.use_fake_user = True
    if len(track.strips) > 1:
        track.strips.remove(strip)
        track.mute = False
    else:
        animation.nla_tracks.remove(track)


def remove_correction_layer(character: bpy.types.Object) -> str:
    """Assign the corrected action again. Corrections that were keyed stay in the file as an action that nobody uses:
    returns its name, "" where none were keyed.
    """
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
        return layer.name
    bpy.data.actions.remove(layer)
    return ""


def _refuse_silent_nla(character: bpy.types.Object) -> None:
    animation = character.animation_data
    if len(animation.nla_tracks) and not animation.use_nla:
        raise Refusal("nla-off", f"The NLA tracks of {character.name} are switched off, and a layer would show them.",
                      "Remove the tracks that you do not need, or switch them on.")  # fmt: skip
    solo = next((track.name for track in animation.nla_tracks if track.is_solo), "")
    if solo:
        raise Refusal("nla-solo", f"The NLA track {solo} of {character.name} plays alone.", "Click its star first.")


def _add_track(character: bpy.types.Object, below: bpy.types.NlaTrack | None = None) -> None:
    """A track with the assigned action, above another one or all."""
    animation = character.animation_data
    action, slot = animation.action, getattr(animation, "action_slot", None)
    track = animation.nla_tracks.new(prev=below)
    try:
        track.name = action.name
        _add_strip(track, animation, action, slot)
    except BaseException:
        animation.nla_tracks.remove(track)
        raise


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
