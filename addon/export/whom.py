"""Whom the choice Active exports, and why: in a scene with several characters that has to be plain."""

from __future__ import annotations

from dataclasses import dataclass

import bpy

from ..active_character import active_character


@dataclass(frozen=True, eq=False)
class Whom:
    """A character, and how it came to be meant."""

    character: bpy.types.Object
    why: str

    @property
    def in_words(self) -> str:
        """Such as "Hero (selected)"."""
        return f"{self.character.name} ({self.why})"


def whom(context: bpy.types.Context) -> Whom | None:
    """What is selected, else the character chosen in Retarget, else the only person of the active take."""
    active = context.view_layer.objects.active
    character, chosen = active_character(context), context.scene.mambocap_retarget.character
    if character is not None and _stands_for(active, character):
        return Whom(character, "selected" if active.select_get() else "active")
    if chosen is not None and chosen.name in context.scene.objects:
        return Whom(chosen, "chosen in Retarget")
    return Whom(character, "only person of the take") if character is not None else None


def whose(context: bpy.types.Context) -> bpy.types.Object | None:
    """The character alone."""
    found = whom(context)
    return found.character if found is not None else None


def _stands_for(thing: bpy.types.Object | None, character: bpy.types.Object) -> bool:
    """Whether `thing` is the character, is bent by it or hangs on it."""
    while thing is not None and thing != character:
        thing = thing.find_armature() or thing.parent
    return thing is not None
