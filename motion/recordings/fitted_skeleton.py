"""Our skeleton with the bone lengths of whoever was recorded."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..skeleton import JOINT, JOINT_COUNT, PARENTS, Skeleton
from .limbs import LIMBS
from .rest_alignment import rests_upright
from .source import Source

_SIDES = (("left", 1.0), ("right", -1.0))
_BETWEEN_HIPS_AND_SHOULDERS = ("spine1", "spine2", "spine3", "neck", "left_collar", "right_collar", "left_shoulder",
                               "right_shoulder")  # fmt: skip
_MOST_SHEAR_M = 0.05      # shoulders before or behind where ours would be
_TRUNK_RANGE = (0.75, 1.6)  # trunk beside leg, ours 1; beyond that the recording has no human trunk


def leg_scale(source: Source, skeleton: Skeleton) -> float:
    """Length of the recorded legs beside ours."""
    ours = sum(np.linalg.norm(skeleton.offsets[JOINT[f"left_{joint}"]]) for joint in ("knee", "ankle"))
    theirs = [bone_length(source, f"{side}_{a}", f"{side}_{b}") for side, _ in _SIDES for a, b in LIMBS[:2]]
    return float(0.5 * sum(theirs) / ours)


def bone_length(source: Source, joint: str, child: str) -> float:
    """Median over time, since some recordings stretch their bones."""
    return float(np.median(np.linalg.norm(source.place(child) - source.place(joint), axis=-1)))


def fitted_skeleton(source: Source, skeleton: Skeleton, facing: Array) -> Skeleton:
    """Limbs, hips, shoulders and trunk as long as recorded; what was not recorded by the length of the legs."""
    scale = leg_scale(source, skeleton)
    rest = scale * skeleton.rest_joints
    offsets = scale * skeleton.offsets
    _fit_trunk(rest, source, facing, scale)
    for side, sign in _SIDES:
        rest[JOINT[f"{side}_hip"], 0] = 0.5 * sign * _width(source, "hip")
        rest[JOINT[f"{side}_shoulder"], 0] = 0.5 * sign * _width(source, "shoulder")
        for joint, child in LIMBS:
            offset = offsets[JOINT[f"{side}_{child}"]]
            length = bone_length(source, f"{side}_{joint}", f"{side}_{child}")
            offsets[JOINT[f"{side}_{child}"]] = offset * (length / np.linalg.norm(offset))
    _hang(rest, offsets)
    return Skeleton(rest)


def _fit_trunk(rest: Array, source: Source, facing: Array, scale: float) -> None:
    """Stretches what lies between hips and shoulders; in place."""
    hips, shoulders = (rest[[JOINT[f"left_{j}"], JOINT[f"right_{j}"]]].mean(axis=0) for j in ("hip", "shoulder"))
    ours, theirs = shoulders - hips, _trunk(source, facing)
    if source.naming.short_trunk or not _TRUNK_RANGE[0] < theirs[1] / ours[1] < _TRUNK_RANGE[1]:
        return
    shear = np.clip(theirs[2] - ours[2], -_MOST_SHEAR_M, _MOST_SHEAR_M)
    width = 0.5 * _width(source, "shoulder") / rest[JOINT["left_shoulder"], 0]
    for joint in _BETWEEN_HIPS_AND_SHOULDERS:
        place = rest[JOINT[joint]]
        share = (place[1] - hips[1]) / ours[1]
        rest[JOINT[joint]] = [place[0] * width, hips[1] + share * theirs[1], place[2] + share * shear]


def _width(source: Source, joint: str) -> float:
    """From left to right m; collars change that of the shoulders, so that the rest pose tells if it is upright."""
    if rests_upright(source):
        return float(np.linalg.norm(source.rest_across(joint)))
    return bone_length(source, f"right_{joint}", f"left_{joint}")


def _trunk(source: Source, facing: Array) -> Array:
    """From the middle of the hips to that of the shoulders [3] m in our rest axes."""
    if rests_upright(source):
        return facing.T @ (source.rest_middle("shoulder") - source.rest_middle("hip"))
    length = np.linalg.norm(source.middle("shoulder") - source.middle("hip"), axis=-1)
    return np.array([0.0, np.percentile(length, 90.0), 0.0])


def _hang(rest: Array, offsets: Array) -> None:
    """Puts limbs, hands, feet and face where their parents are now; in place."""
    kept = {JOINT[name] for name in ("pelvis", "spine1", "spine2", "spine3", "neck")}
    kept |= {JOINT[f"{side}_{joint}"] for side, _ in _SIDES for joint in ("hip", "collar", "shoulder")}
    for joint in range(JOINT_COUNT):
        if joint not in kept:
            rest[joint] = rest[PARENTS[joint]] + offsets[joint]
