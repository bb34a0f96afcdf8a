"""What is known of a kind of rig, in the names of one very rig."""

from __future__ import annotations

import bpy

from ....motion.retarget.mapping.by_table import fitted_table
from ....motion.retarget.mapping.rig_table import RigTable
from ....motion.retarget.rig.rig import Rig
from ..panel.found_mapping import tables
from .names_before import names_before


def own_table(armature: bpy.types.Object, rig: Rig, family: str) -> RigTable | None:
    """The table of a family as `rig`, read off the armature, writes its names; None for no family that is known."""
    known = tables().get(family)
    return fitted_table(rig, known, names_before(armature)) if known else None
