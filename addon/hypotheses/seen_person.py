"""Whom a 3D view may be drawn over."""

from __future__ import annotations

import bpy

from ..clean_up_take import active_person
from .ghost_figure import BONES


def seen_person(context: bpy.types.Context) -> bpy.types.Object | None:
    """The active person, None where the view that is being drawn shows no overlays or not that armature's pose."""
    person = active_person(context)
    if person is None or not context.space_data.overlay.show_overlays:
        return None
    is_posed = person.mode != "EDIT" and all(name in person.pose.bones for name in BONES)
    return person if is_posed and person.visible_get(viewport=context.space_data) else None
