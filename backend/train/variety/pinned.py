"""Feet held where they rest, after a change of shape moved them."""

from __future__ import annotations

import numpy as np

from backend.train.motions.training_clip import RATE_HZ
from backend.train.variety.figure import SIDES, Figure, locals_of
from motion.arrays import Array, Mask
from motion.filters import gaussian_smoothed
from motion.limb_ik import LIMBS, limb_reaching
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle, nearest_rotation
from motion.runs import runs
from motion.skeleton import JOINT

BLEND_S = 0.25  # corrections fade away before and after a contact
_SOFT_SHARE = 0.003  # of the leg's length: closer to full stretch than elsewhere, since soles must be met
_LIFTED_M = 0.02  # a heel that much higher than the ball is off the floor
_LOW_PERCENTILE, _RISING_M = 25.0, 0.006  # of a stance's heights of the heel over the ball; what above them rises
_SETTLING_FRAMES = 12  # in which a ball comes down to the floor after its heel has
_FLOOR_M = 0.03  # who rests so near the floor rests on it


def pinned_feet(figure: Figure, R_parent_from_joint: Array, root_world: Array, still: Mask) -> tuple[Array, Array]:
    """R_parent_from_joint [T, 22, 3, 3] and root [T, 3] m of a body whose soles stay where they are still.

    still [T, 6] as of STILL_POINTS. A foot turns about its ball while that rests, else about its heel; while both rest
    it does not turn. Soles that rest at the floor rest on it. Legs follow in their own plane; the trunk only sinks
    where they would be too short.
    """
    R_world, joints = figure.posed(R_parent_from_joint, root_world)
    ankles = np.stack([_ankle_targets(figure, R_world, joints, still, side) for side in range(2)])
    sinking = _sinking(figure, joints, ankles, still)
    joints = joints - sinking[:, None, None] * np.array([0.0, 0.0, 1.0])
    for side, target in zip(SIDES, ankles):
        limb = LIMBS[f"{side}_leg"]
        R_world[:, limb.upper], R_world[:, limb.lower] = limb_reaching(
            limb, figure.rest_joints, R_world, joints, target, _SOFT_SHARE)  # fmt: skip
    return locals_of(R_world), joints[:, 0]


def _ankle_targets(figure: Figure, R_world: Array, joints: Array, still: Mask, side: int) -> Array:
    """Where an ankle must be, [T, 3] m; turns the foot in R_world."""
    rests = still[:, 3 * side : 3 * side + 2]
    foot = [JOINT[f"{SIDES[side]}_ankle"], JOINT[f"{SIDES[side]}_foot"]]
    flat = _flat(figure.touching_world(R_world, joints)[:, 3 * side : 3 * side + 2], rests)
    turn = matrix_from_axis_angle(_held_turn(R_world[:, foot[0]], flat))
    R_world[:, foot] = turn[:, None] @ R_world[:, foot]
    soles = figure.touching_world(R_world, joints)[:, 3 * side : 3 * side + 2]
    return joints[:, foot[0]] + _held_places(soles, rests)


def _flat(soles: Array, rests: Mask) -> Mask:
    """Where [T] heel and ball [T, 2, 3] both rest and the heel does not rise, which slow ones do while they "rest"."""
    flat = rests.all(axis=1)
    rise = soles[:, 0, 2] - soles[:, 1, 2]
    for start, end in runs(flat):
        flat[start:end] = rise[start:end] < np.percentile(rise[start:end], _LOW_PERCENTILE) + _RISING_M
    return flat


def _sinking(figure: Figure, joints: Array, ankles: Array, still: Mask) -> Array:
    """How far [T] m the hips must sink until both resting feet are within reach; smooth over time."""
    reach = (1.0 - _SOFT_SHARE) * figure.leg_length
    need = np.zeros(len(joints))
    for side, target in enumerate(ankles):
        way = joints[:, JOINT[f"{SIDES[side]}_hip"]] - target
        height = np.sqrt(np.maximum(reach**2 - np.sum(way[:, :2] ** 2, axis=-1), 0.0))
        need = np.maximum(need, np.where(still[:, 3 * side : 3 * side + 2].any(axis=1), way[:, 2] - height, 0.0))
    around = int(round(BLEND_S * RATE_HZ / 2))
    padded = np.pad(need, around, mode="edge")
    widest = np.lib.stride_tricks.sliding_window_view(padded, 2 * around + 1).max(axis=1)
    return gaussian_smoothed(widest, RATE_HZ, BLEND_S / 6.0)


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
    # A heel that rests in the air rests because the ball does.
    pivot = (rests[:, 1] | (soles[:, 0, 2] > soles[:, 1, 2] + _LIFTED_M)).astype(int)
    about = soles[np.arange(len(soles)), pivot]
    shifts = np.zeros((len(soles), 3))
    changes = np.flatnonzero(np.diff(pivot)) + 1
    for first, last in zip([0, *changes], [*changes, len(pivot)], strict=True):
        place = about[first:last].mean(axis=0) if first == 0 else soles[first - 1, pivot[first]] + shifts[first - 1]
        lowered = np.zeros(last - first)
        if abs(place[2]) < _FLOOR_M:
            lowered = place[2] * np.minimum((np.arange(last - first) + 1.0) / _SETTLING_FRAMES, 1.0)
            lowered = lowered if first > 0 else np.full(last - first, place[2])
        shifts[first:last] = place - lowered[:, None] * np.array([0.0, 0.0, 1.0]) - about[first:last]
    return shifts


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
