"""Objects taken out of a file with what only they used."""

from __future__ import annotations

from collections.abc import Sequence

import bpy

from .hypotheses.kept_hypotheses import forget_hypotheses
from .stage import take_cuts_away


def remove_with_data(things: Sequence[bpy.types.Object]) -> None:
    """Remove objects and, where nobody else uses them, their data, actions, other poses, materials and footage."""
    owners = {thing.data for thing in things if thing.data}
    for thing in things:
        forget_hypotheses(thing)
    used = {item for owner in [*things, *owners] for item in _used_by(owner)}
    take_cuts_away(things)
    bpy.data.batch_remove(things)
    for data in (owners, used):
        bpy.data.batch_remove([item for item in data if item.users == 0])


def _used_by(owner: bpy.types.ID) -> list[bpy.types.ID]:
    """Actions, materials and footage of an object or its data."""
    backgrounds = getattr(owner, "background_images", ())
    used = [owner.animation_data and owner.animation_data.action, *getattr(owner, "materials", ())]
    used += [footage for background in backgrounds for footage in (background.clip, background.image)]
    return [item for item in used if item]
