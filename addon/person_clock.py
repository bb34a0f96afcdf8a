"""Seconds of the footage and scene frames, by the keys of one person, wherever the artist has moved them."""

from __future__ import annotations

from fractions import Fraction

import bpy

from .clean_up_take import first_frame_of
from .scene_clock import clock_of
from .take_scene import FIRST_FRAME, FOLDER, RATE


def frame_at(person: bpy.types.Object, scene: bpy.types.Scene, time_s: float) -> int:
    """The scene frame that shows a second of the take."""
    return round(_start(person, scene) + time_s * _rate(person, scene))


def time_at(person: bpy.types.Object, scene: bpy.types.Scene, frame: float) -> float:
    """The second of the take that a scene frame shows; negative before it starts."""
    return (frame - _start(person, scene)) / _rate(person, scene)


def take_of(person: bpy.types.Object) -> bpy.types.Object | None:
    """The take that somebody belongs to, None when the artist took them out of it."""
    thing = person
    while thing is not None and FOLDER not in thing:
        thing = thing.parent
    return thing


def _start(person: bpy.types.Object, scene: bpy.types.Scene) -> float:
    """The scene frame at which the take would start if its first key were the person's."""
    take = take_of(person)
    start = float(take[FIRST_FRAME]) if take is not None and FIRST_FRAME in take else float(scene.frame_start)
    return start + first_frame_of(person) - float(person[FIRST_FRAME])


def _rate(person: bpy.types.Object, scene: bpy.types.Scene) -> float:
    return float(Fraction(str(person[RATE])) if RATE in person else clock_of(scene).rate)
