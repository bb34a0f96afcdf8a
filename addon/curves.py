"""Keys by the array, written and read, in Blender versions with and without action slots."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
import numpy as np

from ..motion.arrays import Array

_SAME_FRAME = 1e-3


class Keys:
    """The action of `owner` (an object or a data block), to be filled curve by curve."""

    def __init__(self, owner: bpy.types.ID, name: str) -> None:
        """Goes on with the action that `owner` has, or gives it a new one called `name`."""
        animation = owner.animation_data or owner.animation_data_create()
        self.action = animation.action or bpy.data.actions.new(name)
        animation.action = self.action
        self._curves = _curves_for(owner, self.action) if hasattr(self.action, "slots") else self.action
        self._linear, self._constant = interpolation("LINEAR"), interpolation("CONSTANT")

    def add(
        self, path: str, index: int, group: str, frames: Array, values: Array, steps: bool = False
    ) -> bpy.types.FCurve:  # fmt: skip
        """One curve with values [T] at scene frames [T], straight between them, or in `steps`; its old keys go.

        A value that never changes takes one key.
        """
        if np.all(values == values[0]):
            frames, values = frames[:1], values[:1]
        points_2d = np.empty((len(values), 2), dtype=np.float32)
        points_2d[:, 0], points_2d[:, 1] = frames, values
        kinds = np.full(len(values), self._constant if steps else self._linear, dtype=np.int32)
        curve = self._curves.fcurves.find(path, index=index) or self._new(path, index, group)
        curve.keyframe_points.clear()
        curve.keyframe_points.add(len(values))
        curve.keyframe_points.foreach_set("co", points_2d.ravel())
        curve.keyframe_points.foreach_set("interpolation", kinds)
        curve.update()
        return curve

    def set_values(self, path: str, index: int, frames: Array, values: Array) -> None:
        """Other values [T] for a curve whose keys lie at scene frames [T], straight between them.

        Their handles stay where they were: straight keys do not show them, and Blender places them anew with any edit.
        """
        points_2d = np.stack([frames, values], axis=-1).astype(np.float32)
        self._curves.fcurves.find(path, index=index).keyframe_points.foreach_set("co", points_2d.ravel())

    def _new(self, path: str, index: int, group: str) -> bpy.types.FCurve:
        curve = self._curves.fcurves.new(path, index=index)
        curve.group = self._group(group)
        return curve

    def _group(self, name: str) -> bpy.types.ActionGroup:
        return self._curves.groups.get(name) or self._curves.groups.new(name)


def curves_of(owner: bpy.types.ID) -> list[bpy.types.FCurve]:
    """All curves that move `owner`, changing nothing, as panels must; none without an action."""
    animation = owner.animation_data
    if animation is None or animation.action is None:
        return []
    return curves_for(animation.action, getattr(animation, "action_slot", None))


def curves_for(action: bpy.types.Action, slot: bpy.types.bpy_struct | None) -> list[bpy.types.FCurve]:
    """All curves of an action that move whoever has this slot of it; Blender versions without slots have None."""
    if not hasattr(action, "slots"):
        return list(action.fcurves)
    strips = [strip for layer in action.layers for strip in layer.strips] if slot else []
    bags = [strip.channelbag(slot) for strip in strips]
    return [curve for bag in bags if bag for curve in bag.fcurves]


def actions_of(owner: bpy.types.ID) -> list[bpy.types.Action]:
    """The action of `owner` and those of its NLA strips, each once."""
    if (animation := owner.animation_data) is None:
        return []
    actions = [animation.action, *(strip.action for track in animation.nla_tracks for strip in track.strips)]
    return [action for action in dict.fromkeys(actions) if action is not None]


def curves_in(action: bpy.types.Action) -> Iterator[bpy.types.FCurve]:
    """All curves of an action, of all slots."""
    if not hasattr(action, "layers"):
        yield from action.fcurves
        return
    for layer in action.layers:
        for strip in layer.strips:
            for bag in strip.channelbags:
                yield from bag.fcurves


def keys_of(curve: bpy.types.FCurve) -> Array:
    """Frame and value of each key [N, 2]."""
    points_2d = np.empty(2 * len(curve.keyframe_points), dtype=np.float32)
    curve.keyframe_points.foreach_get("co", points_2d)
    return points_2d.reshape(-1, 2).astype(float)


def multiply_keys(curve: bpy.types.FCurve, factor: float) -> None:
    """Give all keys of a curve, handles too, `factor` times their value."""
    points_2d = np.empty((len(curve.keyframe_points), 2), dtype=np.float32)
    for part in ("co", "handle_left", "handle_right"):
        curve.keyframe_points.foreach_get(part, points_2d.ravel())
        points_2d[:, 1] *= factor
        curve.keyframe_points.foreach_set(part, points_2d.ravel())
    curve.update()


def values_at(curve: bpy.types.FCurve, frames: Array) -> Array:
    """[T] what a curve says at scene frames [T]; where its keys are just there, the keys."""
    points = curve.keyframe_points
    if not curve.modifiers and len(points) == len(frames):
        keys = keys_of(curve)
        if np.abs(keys[:, 0] - frames).max(initial=0.0) < _SAME_FRAME:
            return keys[:, 1]
    if not curve.modifiers and len(points) == 1:
        return np.full(len(frames), points[0].co.y)
    return np.array([curve.evaluate(frame) for frame in frames])


def _curves_for(owner: bpy.types.ID, action: bpy.types.Action) -> bpy.types.bpy_struct:
    """The part of a slotted action that moves `owner`. Without its slot it plays nothing, and Blender is silent."""
    slot = owner.animation_data.action_slot or action.slots.new(id_type=owner.id_type, name=owner.name)
    owner.animation_data.action_slot = slot
    layer = action.layers[0] if action.layers else action.layers.new("Layer")
    strip = layer.strips[0] if layer.strips else layer.strips.new(type="KEYFRAME")
    return strip.channelbag(slot, ensure=True)


def interpolation(name: str) -> int:
    """The number that foreach_set() takes for it."""
    return bpy.types.Keyframe.bl_rna.properties["interpolation"].enum_items[name].value
