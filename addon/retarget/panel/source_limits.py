"""Whose motion is taken, and which frames it has keys in: quick enough for drawing."""

from __future__ import annotations

import math

import bpy

from ...clean_up_take import active_person
from ...curves import actions_of


def wanted_person(context: bpy.types.Context) -> bpy.types.Object | None:
    """The person that was picked, else the selected one or the only one."""
    return context.scene.mambocap_retarget.person or active_person(context)


def keyed_limits(context: bpy.types.Context) -> tuple[int, int] | None:
    """The first and the last whole frame of the source's keys; None where that takes reading, as of a file."""
    settings = context.scene.mambocap_retarget
    of = {"PERSON": wanted_person(context), "ARMATURE": settings.armature}.get(settings.source)
    actions = actions_of(of) if of is not None else []
    if len(actions) != 1:
        return None
    first, last = actions[0].frame_range
    return math.ceil(first), math.floor(last)
