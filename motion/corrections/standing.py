"""Feet that rest while an artist's pose is carried to its neighbours go with the pose as a whole, or not at all.

Carried like the rest of the body, a foot that the pose puts 2 cm aside would slide there and back. Instead all of the
contact in which the pose lies happens 2 cm aside, and contacts without a pose stay where they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Array, Mask
from ..kinematics import forward_kinematics
from ..limb_ik import LIMBS, Limb, limb_in_parents, limb_reaching
from ..motion import Motion
from ..rotations import axis_angle_from_matrix, matrix_from_axis_angle
from ..runs import runs
from .fading import smooth_step

_FADE_S = 0.25       # in which a foot in the air makes up for it
# A leg that reached its place reaches it again; giving way by a millimetre would bend a straight knee by 3 degrees.
_SOFT_SHARE = 1e-6
_FELT = 1e-5         # m and rad; less is the noise of poses that Blender keeps in 32 bits


@dataclass(frozen=True, eq=False)
class _World:
    """A posed body over T frames."""

    R: Array        # [T, 55, 3, 3] world from joint
    joints: Array   # [T, 55, 3] m

    @classmethod
    def of(cls, motion: Motion) -> _World:
        return cls(*forward_kinematics(motion.skeleton, motion.R_parent_from_joint, motion.root_world))


def standing(before: Motion, carried: Motion, keys: Sequence[int], nearness: Array) -> Motion:
    """`carried` with its resting feet displaced against `before` by the same all through a contact.

    `keys` are frames, which stay as they are; how far a contact is displaced goes down with `nearness` [T] 0..1.
    """
    start, world = _World.of(before), _World.of(carried)
    R_all = np.array(carried.R_parent_from_joint)
    for name in ("left_leg", "right_leg"):
        resting, limb = _resting(before, name.split("_")[0]), LIMBS[name]
        moved = world.joints[:, limb.end] - start.joints[:, limb.end]
        R_start = start.R[:, limb.end]
        turned_rad = axis_angle_from_matrix(world.R[:, limb.end] @ np.swapaxes(R_start, -1, -2))
        shift, turn_rad = (_made_up(way, resting, keys, nearness, _FADE_S * float(before.rate))
                           for way in (moved, turned_rad))  # fmt: skip
        frames = np.flatnonzero(np.abs(shift).max(axis=1) + np.abs(turn_rad).max(axis=1) > _FELT)
        R_foot = matrix_from_axis_angle(turned_rad + turn_rad) @ R_start
        _bend(R_all, limb, carried, world, frames, shift[frames], R_foot[frames])
    return replace(carried, R_parent_from_joint=R_all)


def _resting(motion: Motion, side: str) -> Mask:
    """[T] whether a foot rests on anything."""
    names = {f"{side}_{part}" for part in ("heel", "ball", "toe")}
    soles = [c for c, name in enumerate(motion.contact_names) if name in names]
    return (motion.contacts[:, soles] > 0.5).any(axis=1)


def _made_up(way: Array, resting: Mask, keys: Sequence[int], nearness: Array, fade: float) -> Array:
    """[T, 3] by how much a way [T, 3] must change: wholly in contacts, nothing at keys, fading in between."""
    change, known = np.zeros_like(way), resting.copy()
    known[list(keys)] = True
    for first, end in runs(resting):
        inside = [key for key in keys if first <= key < end]
        frames = np.arange(first, end)
        wanted = np.zeros((end - first, 3))
        if inside:
            wanted = np.stack([np.interp(frames, inside, way[inside, axis]) for axis in range(3)], axis=1)
        change[first:end] = wanted * nearness[first:end, None] - way[first:end]
        change[inside] = 0.0
    return _faded(change, known, fade)


def _faded(change: Array, known: Mask, fade: float) -> Array:
    """[T, 3] the change where it is known; between, what is known on either side fades out."""
    places = np.flatnonzero(known)
    if not len(places):
        return change
    at = np.flatnonzero(~known)
    after = np.searchsorted(places, at)
    before_place = np.where(after > 0, places[np.maximum(after - 1, 0)], -(10**6))
    after_place = np.where(after < len(places), places[np.minimum(after, len(places) - 1)], 10**6)
    extent = np.minimum(fade, after_place - before_place)
    for place in (before_place, after_place):
        inside = np.clip(place, 0, len(change) - 1)
        weight = 1.0 - smooth_step(np.abs(at - place) / extent)
        change[at] += weight[:, None] * change[inside]
    return change


def _bend(
    R_all: Array, limb: Limb, motion: Motion, world: _World, frames: Array, shift: Array, R_foot: Array
) -> None:
    """Let a leg reach aside in some frames [F] of R_all [T, 55, 3, 3], its foot turned to R_foot [F, 3, 3]."""
    R, joints = world.R[frames], world.joints[frames]
    target = joints[:, limb.end] + shift
    R_upper, R_lower = limb_reaching(limb, motion.skeleton.rest_joints, R, joints, target, _SOFT_SHARE)
    R_all[np.ix_(frames, limb.joints)] = limb_in_parents(limb, R, R_upper, R_lower, R_foot)
