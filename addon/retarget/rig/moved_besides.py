"""What else than its bones' keys moves a character, said to the artist."""

from __future__ import annotations

from collections.abc import Collection

import bpy
import numpy as np

from ...curves import curves_of
from .held_values import bone_path
from .pose_channels import CHANNELS

_PLACES = ("location", "rotation_quaternion", "rotation_euler", "rotation_axis_angle", "scale", "delta_")
_AT_REST = 1e-4    # of a turn, a scale, or rig units
_SEVERAL = 3       # bones named in a note, so that it fits


def notes_of_movers(character: bpy.types.Object, keyed: Collection[str]) -> list[str]:
    """A sentence, without a full stop, for each thing on top of which the motion will be seen, or that it replaces.

    keyed: the bones that the motion will key.
    """
    notes, frame = [], bpy.context.scene.frame_current
    if any(curve.data_path.startswith(_PLACES) for curve in curves_of(character)):
        notes.append(f"The old action moved all of {character.name} too; it now stands where it is at frame {frame}")
    if left := _left_posed(character, keyed):
        more = f" and {len(left) - _SEVERAL} more" if len(left) > _SEVERAL else ""
        named = ", ".join(left[:_SEVERAL])
        notes.append(f"Left as the old action has them at frame {frame}, without keys: {named}{more}")
    movers = [thing.name for thing in carriers_of(character) if stirs_itself(thing)]
    if movers or character.constraints:
        by = movers[0] if movers else "a constraint"
        notes.append(f"{character.name} is moved by {by}; the motion is right where it stands at frame {frame}")
    return notes


def _left_posed(character: bpy.types.Object, keyed: Collection[str]) -> list[str]:
    """Bones that the action of now poses and no key of the motion will take back."""
    paths = {curve.data_path for curve in curves_of(character)}
    return [bone.name for bone in character.pose.bones
            if bone.name not in keyed and any(bone_path(bone.name, channel) in paths for channel in CHANNELS)
            and not np.allclose(bone.matrix_basis, np.eye(4), atol=_AT_REST)]  # fmt: skip


def stirs_itself(thing: bpy.types.Object) -> bool:
    """Whether an object may move without being carried."""
    animation = thing.animation_data
    has_keys = animation is not None and bool(animation.action or animation.drivers or animation.nla_tracks)
    return has_keys or bool(thing.constraints)


def carriers_of(thing: bpy.types.Object) -> list[bpy.types.Object]:
    """Parents, the nearest first."""
    carriers = []
    while (thing := thing.parent) is not None:
        carriers.append(thing)
    return carriers
