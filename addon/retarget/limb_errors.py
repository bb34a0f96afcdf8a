"""How far the limbs of a character point from what was asked of them, as Blender shows the character."""

from __future__ import annotations

import bpy
import numpy as np

from ...motion.arrays import Array
from ...motion.retarget.limb_errors import directions, limb_errors_deg, spread_frames
from ...motion.retarget.retarget import Retargeted
from ...motion.retarget.rig import Rig
from ...motion.retarget.rig_table import RigTable
from .bones_over_time import shown_over_time

_MOST_FRAMES = 16


def shown_errors_deg(
    character: bpy.types.Object, rig: Rig, table: RigTable | None, retargeted: Retargeted, frames: Array
) -> dict[str, float]:
    """The largest error of each limb by its title, on some of the scene frames [T] at which the motion is keyed.

    Bones that deform are looked at where the rig has others than the keyed ones. The scene goes back to its frame.
    """
    target = retargeted.target
    chosen = spread_frames(len(frames), _MOST_FRAMES)
    bones = seen_bones(rig, table, target.slots, target.bones)
    R, heads = shown_over_time(character, [rig.names[bone] for bone in bones], frames[chosen])
    R_seen_from_keyed = np.swapaxes(rig.R_rig_from_reference_bone[bones], -1, -2) @ rig.R_rig_from_reference_bone[
        target.bones
    ]
    shown = directions(target, R @ R_seen_from_keyed, heads)
    R_asked = retargeted.R_world_from_joint[chosen] @ target.R_joint_from_bone
    return limb_errors_deg(target.slots, directions(target, R_asked, retargeted.joints_world[chosen]), shown)


def seen_bones(rig: Rig, table: RigTable | None, slots: tuple[str, ...], keyed: Array) -> Array:
    """[J] the bone of the rig that shows each joint: the one of its table that deforms, else the keyed one."""
    bones = np.array(keyed)
    places = {name: bone for bone, name in enumerate(rig.names)}
    for joint, slot in enumerate(slots):
        names = [name for name in (table.shown.get(slot, ()) if table else ()) if name in places]
        place = joint - slots.index(slot)
        if place < len(names):
            bones[joint] = _nearest(rig, [places[name] for name in names], int(keyed[joint]))
    return bones


def _nearest(rig: Rig, bones: list[int], keyed: int) -> int:
    """The one that begins where the keyed one does."""
    return bones[int(np.argmin(np.linalg.norm(rig.heads[bones] - rig.heads[keyed], axis=1)))]
