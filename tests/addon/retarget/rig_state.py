"""All of a character that retargeting must leave alone, as plain values that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import bpy
import numpy as np

# What Blender computes from the rest.
_COMPUTED = {"matrix", "matrix_basis", "matrix_channel", "matrix_world", "matrix_local", "head", "tail", "length",
             "center", "bound_box", "dimensions", "error_location", "error_rotation", "is_valid", "x_axis", "y_axis",
             "z_axis", "vector", "animation_data", "active_constraint"}  # fmt: skip


def rig_state(character: bpy.types.Object) -> dict[str, str]:
    """The rest pose, poses, constraints, drivers, collections and custom properties, by data path."""
    return dict(_all(character))


def moved_paths(character: bpy.types.Object, curves: Iterable[bpy.types.FCurve]) -> set[str]:
    """The data paths that curves or drivers set: these may differ."""
    return {curve.data_path for curve in (*curves, *_drivers(character))}


def all_data() -> set[tuple[str, str]]:
    """(kind, name) of every data-block in the file."""
    collections = [prop.identifier for prop in bpy.data.bl_rna.properties if prop.type == "COLLECTION"]
    return {(thing.id_type, thing.name_full) for kind in collections for thing in getattr(bpy.data, kind)}


def _all(character: bpy.types.Object) -> Iterator[tuple[str, str]]:
    armature = character.data
    for thing, called in ((character, "object"), (armature, "armature")):
        yield from _with_own(thing, called)
        for curve in _of(thing):
            yield f"driver of {called} {curve.data_path} {curve.array_index}", _driver(curve.driver)
    for each in (*character.constraints, *character.modifiers):
        yield from _values(each, f"object.{each.name}")
    for collection in armature.collections_all:
        yield from _with_own(collection, f"collection {collection.name}")
        yield f"in {collection.name}", repr(sorted(bone.name for bone in collection.bones))
    for bone in armature.bones:
        yield from _with_own(bone, f"bone {bone.name}")
        yield f"rest of {bone.name}", repr(_flat(bone.matrix_local))
    for bone in character.pose.bones:
        yield from _with_own(bone, bone.path_from_id())
        for each in bone.constraints:
            yield from _values(each, each.path_from_id())


def _values(thing: Any, path: str) -> Iterator[tuple[str, str]]:
    """Everything that Blender's RNA says of a thing, things that it points to by name."""
    for prop in thing.bl_rna.properties:
        if prop.identifier in _COMPUTED or prop.type == "COLLECTION":
            continue
        value = getattr(thing, prop.identifier)
        if prop.type == "POINTER":
            value = getattr(value, "name", None)
        yield f"{path}.{prop.identifier}", repr(_flat(value) if getattr(prop, "is_array", False) else value)


def _with_own(thing: Any, path: str) -> Iterator[tuple[str, str]]:
    """The same, and custom properties."""
    yield from _values(thing, path)
    for name, value in thing.items():
        yield f'{path}["{name}"]', repr(list(value) if hasattr(value, "to_list") else value)


def _flat(value: Any) -> list[float]:
    return np.array(value).ravel().tolist()


def _drivers(character: bpy.types.Object) -> list[bpy.types.FCurve]:
    return [*_of(character), *_of(character.data)]


def _of(thing: bpy.types.ID) -> Iterable[bpy.types.FCurve]:
    return thing.animation_data.drivers if thing.animation_data else ()


def _driver(driver: bpy.types.Driver) -> str:
    variables = [(variable.name, variable.type, [(target.id.name if target.id else "", target.data_path)
                                                 for target in variable.targets]) for variable in driver.variables]
    return repr((driver.type, driver.expression, variables))  # fmt: skip
