"""Feet held where they rest, after a change of shape moved them."""

from __future__ import annotations

import numpy as np

from backend.train.motions.bad_frames import runs
from backend.train.motions.training_clip import RATE_HZ
from backend.train.variety.figure import SIDES, Figure, locals_of
from motion.arrays import Array, Mask
from motion.limb_ik import LIMBS, limb_reaching
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle, nearest_rotation
from motion.skeleton import JOINT

BLEND_S = 0.25          # corrections fade away before and after a contact
_FLOOR_M = 0.05         # who rests so near the floor rests on it


def pinned_feet(figure: Figure, R_parent_from_joint: Array, root_world: Array, still: Mask) -> Array:
    """R_parent_from_joint [T, 22, 3, 3] whose soles stay where they are still.

    still [T, 6] as of STILL_POINTS. A foot turns about its ball while that rests, else about its heel; while both rest
    it does not turn. Soles that rest at the floor rest on it. Legs follow in their own plane; the trunk stays.
    """
    R_world, joints = figure.posed(R_parent_from_joint, root_world)
    for index, side in enumerate(SIDES):
        rests = still[:, 3 * index : 3 * index + 2]
        foot = [JOINT[f"{side}_ankle"], JOINT[f"{side}_foot"]]
        turn = matrix_from_axis_angle(_held_turn(R_world[:, foot[0]], rests.all(axis=1)))
        R_world[:, foot] = turn[:, None] @ R_world[:, foot]
        soles = figure.touching_world(R_world, joints)[:, 3 * index : 3 * index + 2]
        target = joints[:, foot[0]] + _held_places(soles, rests)
        limb = LIMBS[f"{side}_leg"]
        R_world[:, limb.upper], R_world[:, limb.lower] = limb_reaching(
            limb, figure.rest_joints, R_world, joints, target)  # fmt: skip
    return locals_of(R_world)


def _held_turn(R_world_from_foot: Array, flat: Mask) -> Array:
    """Rotation vectors [T, 3] that keep a foot's tilt and heading, their mean, while it rests flat."""
    turns = np.zeros((len(flat), 3))
    for start, end in runs(flat):
        mean = nearest_rotation(R_world_from_foot[start:end].mean(axis=0))
        turns[start:end] = axis_angle_from_matrix(mean @ np.swapaxes(R_world_from_foot[start:end], -1, -2))
    return faded(turns, flat)


def _held_places(soles: Array, rests: Mask) -> Array:
    """Shifts [T, 3] m of a foot whose soles [T, 2, 3], heel and ball, rest [T, 2]."""
    shifts = np.zeros((len(soles), 3))
    planted = rests.any(axis=1)
    for start, end in runs(planted):
        shifts[start:end] = _shifts_of_stance(soles[start:end], rests[start:end])
    return faded(shifts, planted)


def _shifts_of_stance(soles: Array, rests: Mask) -> Array:
    """Shifts [T, 3] m that hold, one after the other, the heel and the ball of one stance."""
    pivot = rests[:, 1].astype(int)     # the ball wherever it rests
    about = soles[np.arange(len(soles)), pivot]
    shifts = np.zeros((len(soles), 3))
    changes = np.flatnonzero(np.diff(pivot)) + 1
    for first, last in zip([0, *changes], [*changes, len(pivot)]):
        place = about[first:last].mean(axis=0) if first == 0 else about[first] + _shift_before(soles, shifts, pivot, first)
        if abs(place[2]) < _FLOOR_M:
            place = place * np.array([1.0, 1.0, 0.0])
        shifts[first:last] = place - about[first:last]
    return shifts


def _shift_before(soles: Array, shifts: Array, pivot: Array, frame: int) -> Array:
    """By how much the new pivot was moved along in the frame before it takes over, [3] m."""
    moved = soles[frame - 1, pivot[frame]] + shifts[frame - 1] - soles[frame, pivot[frame]]
    return moved


def faded(corrections: Array, known: Mask) -> Array:
    """Corrections [T, 3] carried on smoothly over the frames where they are not known: to zero, or to the next."""
    out, blend = np.where(known[:, None], corrections, 0.0), int(round(BLEND_S * RATE_HZ))
    for start, end in runs(~known):
        before = corrections[start - 1] if start > 0 else None
        after = corrections[end] if end < len(known) else None
        t = np.arange(1, end - start + 1)[:, None]
        if before is not None and after is not None and end - start < 2 * blend:
            out[start:end] = before + _eased(t / (end - start + 1)) * (after - before)
            continue
        if before is not None:
            out[start:end] += (1.0 - _eased(np.minimum(t / blend, 1.0))) * before
        if after is not None:
            out[start:end] += (1.0 - _eased(np.minimum((end - start + 1 - t) / blend, 1.0))) * after
    return out


def _eased(share: Array) -> Array:
    return share * share * (3.0 - 2.0 * share)
