"""Which action moves a character, with its slot where Blender has slots, and another one in its place."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import bpy
import numpy as np

from ...curves import curves_in


@dataclass(frozen=True)
class Assigned:
    action: bpy.types.Action
    slot: object | None = None      # bpy.types.ActionSlot, from Blender 4.4 on

    @classmethod
    def to(cls, character: bpy.types.Object) -> Assigned | None:
        """None where no action moves the character."""
        animation = character.animation_data
        if animation is None or animation.action is None:
            return None
        return cls(animation.action, getattr(animation, "action_slot", None))

    def again(self, character: bpy.types.Object) -> None:
        assign(character, self.action, self.slot.identifier if self.slot else "")

    def instead(self, character: bpy.types.Object, action: bpy.types.Action) -> None:
        """Assign another action, with its slot of the same name."""
        assign(character, action, self.slot.identifier if self.slot else "")


def assign(character: bpy.types.Object, action: bpy.types.Action, slot_identifier: str = "") -> None:
    """Give a character an action with the slot of that name, else with the one that Blender or nobody else chooses."""
    animation = character.animation_data
    animation.action = action
    if hasattr(animation, "action_slot") and len(action.slots):
        same = next((slot for slot in action.slots if slot.identifier == slot_identifier), None)
        animation.action_slot = same or animation.action_slot or action.slots[0]


def fingerprint(action: bpy.types.Action) -> str:
    """Changes with every key and handle of an action."""
    seen = 0
    for curve in curves_in(action):
        points_2d = np.empty(2 * len(curve.keyframe_points), dtype=np.float32)
        for name in ("co", "handle_left", "handle_right"):
            curve.keyframe_points.foreach_get(name, points_2d)
            seen = zlib.crc32(points_2d.tobytes(), zlib.crc32(curve.data_path.encode(), seen))
    return f"{seen:08x}"
