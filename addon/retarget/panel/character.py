"""What is remembered of a character: its bones by slot and how it is retargeted. Saved with the armature object.

As texts: on a library override Blender keeps a text, but loses items of a collection, and a whole property group that
the library's own file does not have (4.2 and 5.2).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import bpy
from bpy.props import StringProperty

from ....motion.refusal import Refusal
from ....motion.retarget.mapping.mapping_file import mapping_of_text, mapping_text
from ....motion.retarget.mapping.rig_mapping import RigMapping


@dataclass(frozen=True)
class Remembered:
    """What the artist sees again when the character is chosen again."""

    mapping: RigMapping
    choices: dict[str, Any]   # by the names of the properties in the panel


def remember(character: bpy.types.Object, what: Remembered) -> None:
    character.mambocap_bones = mapping_text(what.mapping)
    character.mambocap_choices = json.dumps(what.choices)


def remembered(character: bpy.types.Object) -> Remembered | None:
    """None for a character that was never chosen before, or whose text cannot be read."""
    if not character.mambocap_bones:
        return None
    try:
        return Remembered(mapping_of_text(character.mambocap_bones), _choices(character.mambocap_choices))
    except Refusal:
        return None


def _choices(text: str) -> dict[str, Any]:
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError, RecursionError):
        return {}


def _hidden_text(name: str, description: str) -> Any:
    return StringProperty(name=name, options={"HIDDEN"}, override={"LIBRARY_OVERRIDABLE"}, description=description)


def register() -> None:
    owner = bpy.types.Object
    owner.mambocap_bones = _hidden_text("Bones", "Bones by parts of the body, for retargeting")
    owner.mambocap_choices = _hidden_text("Choices", "How motion is retargeted to this character")


def unregister() -> None:
    del bpy.types.Object.mambocap_choices
    del bpy.types.Object.mambocap_bones
