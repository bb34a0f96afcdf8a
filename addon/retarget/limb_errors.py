"""How far the limbs of a character point from what was asked of them, as Blender shows the character."""

from __future__ import annotations

import bpy
import numpy as np

from ...motion.arrays import Array
from ...motion.retarget.limb_errors import directions, limb_errors_deg, spread_frames
from ...motion.retarget.retarget import Retargeted
from ...motion.retarget.rig.rig import Rig
from .rig.bones_over_time import shown_over_time

_MOST_FRAMES = 16


def shown_errors_deg(character: bpy.types.Object, rig: Rig, retargeted: Retargeted, frames: Array) -> dict[str, float]:
    """The largest error of each limb by its title, on some of the scene frames [T] at which the motion is keyed.

    Bones that deform are looked at where the rig has others than the keyed ones. The scene goes back to its frame.
    """
    target, axes = retargeted.target, rig.R_rig_from_reference_bone
    chosen = spread_frames(len(frames), _MOST_FRAMES)
    R, heads = shown_over_time(character, [rig.names[bone] for bone in target.shown], frames[chosen])
    R_seen_from_keyed = np.swapaxes(axes[target.shown], -1, -2) @ axes[target.bones]
    shown = directions(target, R @ R_seen_from_keyed, heads)
    R_asked = retargeted.R_world_from_joint[chosen] @ target.R_joint_from_bone
    return limb_errors_deg(target.slots, directions(target, R_asked, retargeted.joints_world[chosen]), shown)
