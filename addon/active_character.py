"""Which character a button means."""

from __future__ import annotations

import bpy

from .clean_up_take import active_person


def active_character(context: bpy.types.Context) -> bpy.types.Object | None:
    """The armature that the active object is, is bent by or hangs on, else the only person of the active take."""
    thing = context.view_layer.objects.active
    while thing is not None and thing.type != "ARMATURE":
        thing = thing.find_armature() or thing.parent
    return thing or active_person(context)
