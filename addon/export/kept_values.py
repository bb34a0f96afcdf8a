"""Values that keys move, kept while other frames are looked at."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import bpy

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
    paths = {(curve.data_path, curve.array_index) for action in _actions(thing) for curve in _all_curves(action)}
    values = []
    for path, index in paths:
        try:
            value = thing.path_resolve(path)
        except ValueError:   # a curve of what is not there
            continue
        is_array = hasattr(value, "__len__") and not isinstance(value, str)
        values.append(HeldValue(path, value[index] if is_array else value, "", index))
    return values


def _actions(thing: bpy.types.ID) -> list[bpy.types.Action]:
    animation = thing.animation_data
    actions = [animation.action, *(strip.action for track in animation.nla_tracks for strip in track.strips)]
    return [action for action in dict.fromkeys(actions) if action is not None]


def _all_curves(action: bpy.types.Action) -> list[bpy.types.FCurve]:
    if not hasattr(action, "layers"):
        return list(action.fcurves)
    return [curve for layer in action.layers for strip in layer.strips for bag in strip.channelbags
            for curve in bag.fcurves]  # fmt: skip
