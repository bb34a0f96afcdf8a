"""The constant turns that bring our resting body into the rest pose of a recording.

Where a joint of the recording has turned by G since its rest pose, ours has the orientation G A: A [3, 3] turns our
T-pose (Y up, facing +Z) into the recording's rest pose, limb by limb.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..rotations import frame_from_axes, matrix_from_axis_angle, normalised, smallest_rotation
from ..skeleton import JOINT, Skeleton
from .hinges import resting_twist
from .limbs import CHAINS
from .source import Source

UP = np.array([0.0, 1.0, 0.0])
_STRAIGHT_LEG_RAD, _SPLAYED_RAD = np.radians(20.0), np.radians(13.0)
_STILL_M_S, _LOW_M, _LEAST_STANDING_S, _MOST_TILT_RAD = 0.15, 0.025, 0.25, np.radians(25.0)


def alignments(source: Source, skeleton: Skeleton) -> dict[str, Array]:
    """A [3, 3] for pelvis, chest, neck, head and the joints of the limbs, hands and feet."""
    facing = _facing(source)
    turns = dict.fromkeys(("pelvis", "chest", "neck", "head"), facing)
    upright = rests_upright(source)
    if not upright:
        turns = {"pelvis": _leaning_trunk(source, skeleton, "hip")}
        turns |= dict.fromkeys(("chest", "neck", "head"), _leaning_trunk(source, skeleton, "shoulder"))
    for side in ("left", "right"):
        turns[f"{side}_collar"] = turns["chest"]
        for trunk, chain in zip(("pelvis", "chest"), CHAINS):
            turns |= _limb(source, skeleton, tuple(f"{side}_{joint}" for joint in chain), turns[trunk])
        sole = _splayed(source, side, facing) if upright else turns[f"{side}_ankle"]
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


def _leaning_trunk(source: Source, skeleton: Skeleton, joint: str) -> Array:
    """The same with the lean of the trunk, for rest poses that somebody once held."""
    rest = skeleton.rest_joints
    hips, shoulders = (rest[[JOINT[f"left_{j}"], JOINT[f"right_{j}"]]] for j in ("hip", "shoulder"))
    ours = frame_from_axes(hips[0] - hips[1], shoulders.mean(axis=0) - hips.mean(axis=0))
    trunk = source.rest_middle("shoulder") - source.rest_middle("hip")
    return frame_from_axes(source.rest_across(joint), trunk) @ ours.T


def _limb(source: Source, skeleton: Skeleton, limb: tuple[str, str, str], trunk: Array) -> dict[str, Array]:
    """Upper and lower part and what hangs on it, each by the least turn beyond the one before it."""
    upper, lower, end = limb
    A_upper = _next(source, skeleton, upper, lower, trunk)
    twist = resting_twist(source, limb, A_upper)
    A_end = _next(source, skeleton, lower, end, A_upper)
    bone = normalised(source.rest(lower) - source.rest(upper))
    A_upper = matrix_from_axis_angle(twist * bone) @ A_upper
    return {upper: A_upper, lower: _next(source, skeleton, lower, end, A_upper), end: A_end}


def _next(source: Source, skeleton: Skeleton, joint: str, child: str, A: Array) -> Array:
    """A [3, 3] with the least further turn that lets the resting bone point as recorded."""
    return smallest_rotation(A @ skeleton.offsets[JOINT[child]], source.rest(child) - source.rest(joint)) @ A


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


def _splayed(source: Source, side: str, facing: Array) -> Array:
    """Our axes [3, 3] under a resting leg: rolled with it where it is spread wide, as in Acclaim's rest pose."""
    shin = facing.T @ (source.rest(f"{side}_ankle") - source.rest(f"{side}_knee"))
    roll = np.arctan2(shin[0], -shin[1])
    if abs(roll) < _SPLAYED_RAD:
        return facing
    return facing @ matrix_from_axis_angle(np.array([0.0, 0.0, roll]))


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
