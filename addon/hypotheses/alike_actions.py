"""Actions of motions that are much alike, as other poses of a person are, whose fingers are all the main motion's."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from ...motion.arrays import Array
from ...motion.motion import Motion
from ..action import bone_channels
from ..curves import Keys
from ..retarget.keys.assigned_action import Assigned

Channels = dict[tuple[str, int], Array]   # the values [T] of a curve by data path and index


@dataclass(frozen=True, eq=False)
class _Written:
    assigned: Assigned
    frames: Array   # [T]
    channels: Channels


class AlikeActions:
    """Writes the actions of one person; those with the frames of the first one are copies of it, changed in part.

    Blender copies keys in a quarter of the time that it takes to fill new ones.
    """

    def __init__(self, person: bpy.types.Object) -> None:
        self._person = person
        self._first: _Written | None = None

    def write(self, motion: Motion, frames: Array, name: str) -> bpy.types.Action:
        """A new action with a motion at scene frames [T], which moves the person in place of any other."""
        channels: Channels = {}
        first = self._first if self._first and np.array_equal(self._first.frames, frames) else None
        keys = self._new_keys(first, name)
        for path, index, bone_name, values in bone_channels(self._person, motion):
            channels[path, index] = values
            _put(keys, path, index, bone_name, frames, values, first.channels[path, index] if first else None)
        self._first = self._first or _Written(Assigned.to(self._person), frames, channels)
        return keys.action

    def _new_keys(self, first: _Written | None, name: str) -> Keys:
        if first is not None:
            copied = first.assigned.action.copy()
            copied.name = name
            first.assigned.instead(self._person, copied)
        elif self._person.animation_data is not None:
            self._person.animation_data.action = None
        return Keys(self._person, name)


def _put(keys: Keys, path: str, index: int, bone_name: str, frames: Array, values: Array, now: Array | None) -> None:
    """Values [T] for a curve that says others now, or nothing."""
    if now is None or _stands(now) != _stands(values):
        keys.add(path, index, bone_name, frames, values)
    elif not np.array_equal(now, values):
        count = 1 if _stands(values) else len(values)
        keys.set_values(path, index, frames[:count], values[:count])


def _stands(values: Array) -> bool:
    """Whether one key says it all."""
    return bool(np.all(values == values[0]))
