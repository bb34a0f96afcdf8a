"""Which characters have a motion that Retarget made."""

from __future__ import annotations

import bpy

from ...curves import actions_of
from .kept_contacts import CONTACTS


def is_retargeted(thing: bpy.types.Object) -> bool:
    """Whether Retarget made a motion of a character, with all its keys, fewer, or in a strip of the NLA."""
    return thing.type == "ARMATURE" and any(CONTACTS in action for action in actions_of(thing))
