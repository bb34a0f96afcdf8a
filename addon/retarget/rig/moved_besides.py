"""What else than its bones' keys moves a character, said to the artist."""

from __future__ import annotations

import bpy

from ...curves import curves_of

_PLACES = ("location", "rotation_quaternion", "rotation_euler", "rotation_axis_angle", "scale", "delta_")


def notes_of_movers(character: bpy.types.Object) -> list[str]:
    """A sentence, without a full stop, for each thing on top of which the motion will be seen, or that it replaces."""
    notes, frame = [], bpy.context.scene.frame_current
    if any(curve.data_path.startswith(_PLACES) for curve in curves_of(character)):
        notes.append(f"The old action moved all of {character.name} too; it now stands where it is at frame {frame}")
    movers = [thing.name for thing in carriers_of(character) if stirs_itself(thing)]
    if movers or character.constraints:
        by = movers[0] if movers else "a constraint"
        notes.append(f"{character.name} is moved by {by}; the motion is right where it stands at frame {frame}")
    return notes


def stirs_itself(thing: bpy.types.Object) -> bool:
    """Whether an object may move without being carried."""
    animation = thing.animation_data
    has_keys = animation is not None and bool(animation.action or animation.drivers or animation.nla_tracks)
    return has_keys or bool(thing.constraints)


def carriers_of(thing: bpy.types.Object) -> list[bpy.types.Object]:
    """Parents, the nearest first."""
    carriers = []
    while (thing := thing.parent) is not None:
        carriers.append(thing)
    return carriers
