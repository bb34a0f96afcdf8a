"""Numbers of a character that are keyed at one value: IK/FK switches, influences of constraints."""

from __future__ import annotations

from dataclasses import dataclass

import bpy


@dataclass(frozen=True)
class HeldValue:
    """A number of a character, such as an IK/FK switch or a constraint's influence, that is keyed at one value."""

    path: str     # from the object, such as pose.bones["thigh_parent.L"]["IK_FK"]
    value: float
    group: str    # of the curve, its bone's name
    index: int = 0

    def set_on(self, character: bpy.types.Object) -> None:
        """Give the number its value without a key, keeping its type."""
        owner, name, is_custom = _place(character, self.path)
        if is_custom:
            owner[name] = type(owner[name])(self.value)
        elif hasattr(now := getattr(owner, name), "__len__"):
            now[self.index] = self.value
        else:
            setattr(owner, name, type(now)(self.value))


def value_at(character: bpy.types.Object, held: HeldValue) -> float:
    """What the number is now."""
    now = character.path_resolve(held.path)
    return float(now[held.index] if hasattr(now, "__len__") else now)


def bone_path(bone: str, name: str, is_custom: bool = False) -> str:
    """The path from the object to a property of a pose bone."""
    start = f'pose.bones["{bpy.utils.escape_identifier(bone)}"]'
    return f'{start}["{bpy.utils.escape_identifier(name)}"]' if is_custom else f"{start}.{name}"


def influence_path(bone: str, constraint: str) -> str:
    return f'{bone_path(bone, "constraints")}["{bpy.utils.escape_identifier(constraint)}"].influence'


def _place(character: bpy.types.Object, path: str) -> tuple[object, str, bool]:
    """The owner of what a path leads to, its name, and whether it is a custom property."""
    if path.endswith('"]'):
        start = path.rindex('["')
        return _owner(character, path[:start]), bpy.utils.unescape_identifier(path[start + 2 : -2]), True
    owner, _, name = path.rpartition(".")
    return _owner(character, owner), name, False


def _owner(character: bpy.types.Object, path: str) -> object:
    return character.path_resolve(path) if path else character
