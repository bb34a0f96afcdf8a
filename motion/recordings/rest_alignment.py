"""The constant turns that bring our resting body into the rest pose of a recording.

Where a joint of the recording has turned by G since its rest pose, ours has the orientation G A: A [3, 3] turns our
T-pose (Y up, facing +Z) into the recording's rest pose, limb by limb.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..rotations import frame_from_axes, matrix_from_axis_angle, normalised, smallest_rotation
from ..skeleton import JOINT, Skeleton
from .source import Source

LIMBS = (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"))
UP = np.array([0.0, 1.0, 0.0])
_HINGE = {"knee": np.array([1.0, 0.0, 0.0]), "elbow": np.array([0.0, -1.0, 0.0])}   # of the left side, at rest
_LEAST_BEND_RAD, _LEAST_BENT_S, _LEAST_AGREEMENT = np.radians(12.0), 0.1, 0.9
_STRAIGHT_LEG_RAD = np.radians(20.0)
_STILL_M_S, _LOW_M, _LEAST_STANDING_S, _MOST_TILT_RAD = 0.15, 0.025, 0.25, np.radians(40.0)


def alignments(source: Source, skeleton: Skeleton) -> dict[str, Array]:
    """A [3, 3] for pelvis, chest, neck, head and the joints of the limbs, hands and feet."""
    facing = _facing(source)
    turns = dict.fromkeys(("pelvis", "chest", "neck", "head"), facing)
    upright = rests_upright(source)
    if not upright:
        turns = {"pelvis": _leaning_trunk(source, "hip")}
        turns |= dict.fromkeys(("chest", "neck", "head"), _leaning_trunk(source, "shoulder"))
    for side in ("left", "right"):
        turns[f"{side}_collar"] = turns["chest"]
        for upper, lower, end in (("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist")):
            limb = [f"{side}_{joint}" for joint in (upper, lower, end)]
            turns |= _limb(source, skeleton, limb, turns["pelvis" if upper == "hip" else "chest"])
        sole = facing if upright else turns[f"{side}_knee"]
        turns[f"{side}_ankle"] = turns[f"{side}_foot"] = _foot(source, skeleton, side, sole)
    return turns


def rests_upright(source: Source) -> bool:
    """Whether the rest pose stands on straight legs, as T-poses and A-poses do, and not as somebody once stood."""
    bends = []
    for side in ("left", "right"):
        hip, knee, ankle = (source.rest(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
        bends.append(normalised(knee - hip) @ normalised(ankle - knee))
    return float(min(bends)) > np.cos(_STRAIGHT_LEG_RAD)


def _facing(source: Source) -> Array:
    """Our resting axes in the recording's rest pose: left from the hips, up the axis nearest to the trunk."""
    trunk = source.rest("head") - source.rest_middle("hip")
    axis = np.argmax(np.abs(trunk))
    up = np.sign(trunk[axis]) * np.eye(3)[axis]
    left = source.rest_across("hip")
    return frame_from_axes(left - up * (left @ up), up)


def _leaning_trunk(source: Source, joint: str) -> Array:
    """The same with the lean of the trunk, for rest poses that somebody once held."""
    return frame_from_axes(source.rest_across(joint), source.rest_middle("shoulder") - source.rest_middle("hip"))


def _limb(source: Source, skeleton: Skeleton, limb: list[str], trunk: Array) -> dict[str, Array]:
    """Upper and lower part and what hangs on it, each by the least turn beyond the one before it."""
    upper, lower, end = limb
    offsets = skeleton.offsets
    upper_bone, lower_bone = source.rest(lower) - source.rest(upper), source.rest(end) - source.rest(lower)
    A_upper = smallest_rotation(trunk @ offsets[JOINT[lower]], upper_bone) @ trunk
    A_lower = smallest_rotation(A_upper @ offsets[JOINT[end]], lower_bone) @ A_upper
    A_end = A_lower
    twist = _hinge_twist(source, limb, A_upper)
    if twist is not None:
        A_upper = matrix_from_axis_angle(twist * normalised(upper_bone)) @ A_upper
        A_lower = smallest_rotation(A_upper @ offsets[JOINT[end]], lower_bone) @ A_upper
    return {upper: A_upper, lower: A_lower, end: A_end}


def _hinge_twist(source: Source, limb: list[str], A_upper: Array) -> float | None:
    """Angle about the upper bone from our hinge of knee or elbow to the recorded one; None where that hardly bends."""
    upper, lower, end = limb
    side, joint = lower.split("_")
    bones = normalised(source.place(lower) - source.place(upper)), normalised(source.place(end) - source.place(lower))
    cross = np.cross(*bones)
    bent = np.arctan2(np.linalg.norm(cross, axis=-1), np.sum(bones[0] * bones[1], axis=-1)) > _LEAST_BEND_RAD
    if bent.sum() < min(len(bent), _LEAST_BENT_S * source.rate_hz):
        return None
    axes = np.einsum("tji,tj->ti", source.turn_before(lower, upper)[bent], cross[bent])
    axis = axes.sum(axis=0)
    if np.linalg.norm(axis) < _LEAST_AGREEMENT * np.linalg.norm(axes, axis=-1).sum():
        return None
    hinge = A_upper @ (_HINGE[joint] * (1.0 if side == "left" or joint == "knee" else -1.0))
    bone = normalised(source.rest(lower) - source.rest(upper))
    return float(np.arctan2(np.cross(hinge, axis) @ bone, hinge @ axis - (hinge @ bone) * (axis @ bone)))


def _foot(source: Source, skeleton: Skeleton, side: str, start: Array) -> Array:
    """Toes point as in the rest pose, and the sole is level as it stood, in the mean, while the foot rested.

    start [3, 3] is the first guess.
    """
    if not source.has(f"{side}_foot"):
        return start
    levelled = _level(source, side, start @ UP) @ start
    up = levelled @ UP
    ahead = source.rest(f"{side}_foot") - source.rest(f"{side}_ankle")
    toes = levelled @ skeleton.offsets[JOINT[f"{side}_foot"]]
    return smallest_rotation(toes - up * (toes @ up), ahead - up * (ahead @ up)) @ levelled


def _level(source: Source, side: str, up: Array) -> Array:
    """The turn [3, 3] from the foot's upward direction at rest, as guessed, to the one that its mean standing tells."""
    turn, ankle, toes = source.turn(f"{side}_ankle"), source.place(f"{side}_ankle"), source.place(f"{side}_foot")
    if len(ankle) < 2:
        return np.eye(3)
    speed = np.linalg.norm(np.gradient(np.stack([ankle, toes]), axis=1), axis=-1).max(axis=0) * source.rate_hz
    low = [heights < np.percentile(heights, 10) + _LOW_M for heights in (ankle[:, 1], toes[:, 1])]
    standing = low[0] & low[1] & (speed < _STILL_M_S)
    if standing.sum() < _LEAST_STANDING_S * source.rate_hz:
        return np.eye(3)
    stood_up = np.median(np.swapaxes(turn[standing], -1, -2) @ UP, axis=0)
    tilt = np.arccos(np.clip(normalised(stood_up) @ up, -1.0, 1.0))
    return smallest_rotation(up, stood_up) if tilt < _MOST_TILT_RAD else np.eye(3)
