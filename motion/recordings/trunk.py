"""Pelvis, spine, neck, head and collars of a recording on ours, whose spine joints sit elsewhere."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..rotations import axis_angle_from_matrix, matrix_from_axis_angle, smallest_rotation
from ..skeleton import JOINT, Skeleton
from .source import Source

_SPINE = ("spine1", "spine2", "spine3")
_MOST_BEND_RAD = np.radians(35.0)


def lay_trunk(R_world: Array, source: Source, A: dict[str, Array]) -> None:
    """Fills pelvis, spine, neck, head and collars of R_world [T, 55, 3, 3], Y up; in place."""
    chain = [source.turn("pelvis") @ A["pelvis"]]
    for place, joint in enumerate(source.naming.spine, start=1):
        rest = _between(A["pelvis"], A["chest"], place / len(source.naming.spine))
        chain.append(source.turns[:, joint] @ rest)
    across = source.place("left_hip") - source.place("right_hip")
    chain[0] = smallest_rotation(chain[0] @ np.array([1.0, 0.0, 0.0]), across) @ chain[0]
    R_world[:, 0] = chain[0]
    for step, joint in enumerate(_SPINE, start=1):
        R_world[:, JOINT[joint]] = _at(chain, step / len(_SPINE))
    R_world[:, JOINT["head"]] = source.turn("head") @ A["head"]
    neck = source.turn("neck") @ A["neck"] if source.has("neck") else None
    R_world[:, JOINT["neck"]] = _between(chain[-1], R_world[:, JOINT["head"]], 0.5) if neck is None else neck
    for side in ("left", "right"):
        collar = f"{side}_collar"
        R_world[:, JOINT[collar]] = source.turn(collar) @ A[collar] if source.has(collar) else chain[-1]


def _at(chain: list[Array], share: float) -> Array:
    """The orientation at a share of the way along the chain."""
    place = share * (len(chain) - 1)
    before = min(int(place + 1e-9), len(chain) - 2)
    return _between(chain[before], chain[before + 1], place - before)


def _between(start: Array, end: Array, share: float) -> Array:
    if share < 1e-9:
        return start
    if share > 1.0 - 1e-9:
        return end
    return start @ matrix_from_axis_angle(share * axis_angle_from_matrix(np.swapaxes(start, -1, -2) @ end))


def reach_shoulders(R_world: Array, source: Source, skeleton: Skeleton) -> None:
    """Bends the lower spine, then turns the collars, until the shoulders are where they were recorded; in place."""
    offsets, rest = skeleton.offsets, skeleton.rest_joints
    spine1, spine2, spine3 = (JOINT[joint] for joint in _SPINE)
    hips = rest[[JOINT["left_hip"], JOINT["right_hip"]]].mean(axis=0)
    start = source.middle("hip") + R_world[:, 0] @ (rest[spine1] - hips)
    lower = R_world[:, spine1] @ offsets[spine2] + R_world[:, spine2] @ offsets[spine3]
    upper = 0.5 * sum(_to_shoulder(R_world, offsets, side) for side in ("left", "right"))
    bend = _limited(smallest_rotation(lower, source.middle("shoulder") - upper - start))
    R_world[:, [spine1, spine2]] = bend[:, None] @ R_world[:, [spine1, spine2]]
    chest = start + R_world[:, spine1] @ offsets[spine2] + R_world[:, spine2] @ offsets[spine3]
    for side in ("left", "right"):
        collar, shoulder = JOINT[f"{side}_collar"], JOINT[f"{side}_shoulder"]
        reach = source.place(f"{side}_shoulder") - chest - R_world[:, spine3] @ offsets[collar]
        lift = _limited(smallest_rotation(R_world[:, collar] @ offsets[shoulder], reach))
        R_world[:, collar] = lift @ R_world[:, collar]


def _to_shoulder(R_world: Array, offsets: Array, side: str) -> Array:
    """[T, 3] m from the uppermost spine joint to a shoulder, as the collar was recorded."""
    collar, shoulder = JOINT[f"{side}_collar"], JOINT[f"{side}_shoulder"]
    return R_world[:, JOINT["spine3"]] @ offsets[collar] + R_world[:, collar] @ offsets[shoulder]


def _limited(R: Array) -> Array:
    """Turns [T, 3, 3] of at most _MOST_BEND_RAD."""
    turn = axis_angle_from_matrix(R)
    angle = np.linalg.norm(turn, axis=-1, keepdims=True)
    return matrix_from_axis_angle(turn * np.minimum(1.0, _MOST_BEND_RAD / np.maximum(angle, 1e-12)))
