"""Hands and feet held at places that the artist gives, by the limb's own two bones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..kinematics import forward_kinematics
from ..limb_ik import LIMBS, limb_reaching
from ..motion import Motion
from ..resample import interpolate_linear
from ..skeleton import JOINT, PARENTS
from .edits import LIMB_OF_END, Pin
from .fading import plateau

_FADE_S = 0.2   # beyond both ends


def pinned(motion: Motion, edit: Pin) -> Motion:
    """The motion with a wrist or an ankle at the pin's place, as far as the limb reaches; hand and sole keep their way.

    The limb goes there and comes back within _FADE_S outside of the pin's time.
    """
    weight = plateau(motion.times_s, edit.from_s, edit.to_s, _FADE_S)
    near = np.flatnonzero(weight > 0.0)
    if not len(near):
        return motion
    limb = LIMBS[LIMB_OF_END[edit.name]]
    R = motion.R_parent_from_joint[near]
    R_world, joints = forward_kinematics(motion.skeleton, R, motion.root_world[near])
    place = _places(edit, motion.times_s[near])
    target = joints[:, limb.end] + weight[near, None] * (place - joints[:, limb.end])
    R_upper, R_lower = limb_reaching(limb, motion.skeleton.rest_joints, R_world, joints, target)
    after = np.array(R)
    after[:, limb.upper] = np.swapaxes(R_world[:, PARENTS[limb.upper]], -1, -2) @ R_upper
    after[:, limb.lower] = np.swapaxes(R_upper, -1, -2) @ R_lower
    after[:, limb.end] = np.swapaxes(R_lower, -1, -2) @ R_world[:, limb.end]
    R_all = np.array(motion.R_parent_from_joint)
    R_all[near] = after
    return replace(motion, R_parent_from_joint=R_all)


def end_joint(name: str) -> int:
    """The joint that a pin of a hand or foot holds."""
    side, end = name.split("_")
    return JOINT[f"{side}_{'wrist' if end == 'hand' else 'ankle'}"]


def _places(edit: Pin, times_s: Array) -> Array:
    """[T, 3] m"""
    return interpolate_linear(edit.place_world, np.linspace(edit.from_s, edit.to_s, len(edit.place_world)),
                              np.clip(times_s, edit.from_s, edit.to_s))  # fmt: skip
