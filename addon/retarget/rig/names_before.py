"""What bones were called before an importer changed it."""

from __future__ import annotations

import bpy


def names_before(character: bpy.types.Object) -> dict[str, str]:
    """The Japanese names that mmd_tools keeps beside those that it gives, by bone; {} for other characters.

    They are there with the add-on and, as plain custom properties, without it.
    """
    noted = {bone.name: _noted(bone) for bone in character.pose.bones}
    return {name: before for name, before in noted.items() if before}


def _noted(bone: bpy.types.PoseBone) -> str:
    kept = getattr(bone, "mmd_bone", None)
    if kept is None:
        kept = bone.get("mmd_bone")
    before = getattr(kept, "name_j", None) or (kept.get("name_j") if hasattr(kept, "get") else None)
    return before if isinstance(before, str) else ""
