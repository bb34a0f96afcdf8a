"""Values that keys move, kept while other frames are looked at."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import bpy

from ..curves import actions_of, curves_in
from ..retarget.rig.held_values import HeldValue


@contextlib.contextmanager
def values_kept() -> Iterator[None]:
    """Looking at another frame writes the values of keys into objects: afterwards they have those of before again.

    So a pose that has no key yet is not lost, and all that hangs together is back where it was.
    """
    kept = {thing: _values(thing) for thing in _animated()}
    try:
        yield
    finally:
        for thing, values in kept.items():
            for value in values:
                value.set_on(thing)
            thing.update_tag()
        bpy.context.view_layer.update()


def _animated() -> list[bpy.types.ID]:
    things = [item for thing in bpy.data.objects
              for item in (thing, thing.data, getattr(thing.data, "shape_keys", None)) if item is not None]
    return [thing for thing in dict.fromkeys(things) if getattr(thing, "animation_data", None) is not None]


def _values(thing: bpy.types.ID) -> list[HeldValue]:
    paths = {(curve.data_path, curve.array_index) for action in actions_of(thing) for curve in curves_in(action)}
    values = []
    for path, index in paths:
        try:
            value = thing.path_resolve(path)
        except ValueError:   # a curve of what is not there
            continue
        is_array = hasattr(value, "__len__") and not isinstance(value, str)
        values.append(HeldValue(path, value[index] if is_array else value, "", index))
    return values
