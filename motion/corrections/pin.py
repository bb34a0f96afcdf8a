"""Hands and feet held at places that the artist gives, by the limb's own two bones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..kinematics import forward_kinematics
from ..limb_ik import LIMBS, limb_in_parents, limb_reaching
from ..motion import Motion
from ..resample import interpolate_linear
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
    R_world, joints = forward_kinematics(motion.skeleton, motion.R_parent_from_joint[near], motion.root_world[near])
    place = _places(edit, motion.times_s[near])
    target = joints[:, limb.end] + weight[near, None] * (place - joints[:, limb.end])
    R_upper, R_lower = limb_reaching(limb, motion.skeleton.rest_joints, R_world, joints, target)
    R_all = np.array(motion.R_parent_from_joint)
    R_all[np.ix_(near, limb.joints)] = limb_in_parents(limb, R_world, R_upper, R_lower, R_world[:, limb.end])
    return replace(motion, R_parent_from_joint=R_all)


def end_joint(name: str) -> int:
    """The joint that a pin of a hand or foot holds."""
    return LIMBS[LIMB_OF_END[name]].end


def _places(edit: Pin, times_s: Array) -> Array:
    """[T, 3] m"""
    return interpolate_linear(edit.place_world, np.linspace(edit.from_s, edit.to_s, len(edit.place_world)),
                              np.clip(times_s, edit.from_s, edit.to_s))  # fmt: skip
