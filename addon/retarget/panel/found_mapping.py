"""A character's bones found by themselves, and that said in words."""

from __future__ import annotations

import functools

import bpy

from ....motion.refusal import Refusal
from ....motion.retarget.mapping.find_mapping import find_mapping
from ....motion.retarget.mapping.rig_mapping import RigMapping
from ....motion.retarget.mapping.rig_table import RigTable
from ....motion.retarget.mapping.tables import read_tables
from ..rig.names_before import names_before
from ..rig.read_rig import read_rig, refuse_unusable


@functools.lru_cache(maxsize=1)
def tables() -> dict[str, RigTable]:
    """All rig tables by name: read once, since panels ask at every drawing."""
    return {table.name: table for table in read_tables()}


def found_mapping(character: bpy.types.Object) -> RigMapping:
    """Raises Refusal when the character's rig cannot be used."""
    refuse_unusable(character)
    return find_mapping(read_rig(character), tuple(tables().values()), names_before(character))


def has_ik_controls(family: str) -> bool:
    table = _table(family)
    return table is not None and bool(table.ik)


def found_words(mapping: RigMapping) -> str:
    """Such as "Mixamo, 52 of 52 bones"."""
    count = sum(len(names) for names in mapping.bones.values())
    if not count:
        return "No bones found"
    table = _table(mapping.family)
    if table is None:
        return f"{mapping.title[:1].upper()}{mapping.title[1:]}, {count} bones, fits {100.0 * mapping.score:.0f} %"
    known = sum(name not in table.optional for names in table.bones.values() for name in names)
    return f"{mapping.title}, {count} of {max(count, known)} bones"


def wants_a_look(mapping: RigMapping) -> bool:
    """Whether the artist should check what was found."""
    return bool(mapping.missing or mapping.doubts) or _table(mapping.family) is None


def _table(family: str) -> RigTable | None:
    try:
        return tables().get(family)
    except Refusal:   # a table that somebody added is damaged: said where bones are found, not at every drawing
        return None
