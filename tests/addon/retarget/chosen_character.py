"""A made-up character chosen in the panel, for tests of what the artist sees."""

from __future__ import annotations

import bpy

from bench.rigs.all_rigs import made_up_rigs
from bench.rigs.in_blender import build


def mixamo_character() -> bpy.types.Object:
    """A character with Mixamo's bones, as imported: a hundredth of its size, lying down."""
    return build(made_up_rigs()["mixamo"])


def choose(character: bpy.types.Object) -> bpy.types.PropertyGroup:
    """Choose a character as with the mouse, and give what the panel shows."""
    settings = bpy.context.scene.mambocap_retarget
    settings.character = character
    return settings


def row_of(settings: bpy.types.PropertyGroup, title: str) -> bpy.types.PropertyGroup:
    return next(row for row in settings.bones if row.name == title)


def bones_of(settings: bpy.types.PropertyGroup, slot: str) -> list[str]:
    return [row.bone for row in settings.bones if row.slot == slot]
