"""The SMPL-X skeleton: 55 joints, their tree and the rest positions of one person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Array, Indices, check_shape, frozen

_FINGERS = ("index", "middle", "pinky", "ring", "thumb")

JOINT_NAMES: tuple[str, ...] = (
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle", "right_ankle",
    "spine3", "left_foot", "right_foot", "neck", "left_collar", "right_collar", "head", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "jaw", "left_eye", "right_eye",
    *(f"left_{finger}{i}" for finger in _FINGERS for i in (1, 2, 3)),
    *(f"right_{finger}{i}" for finger in _FINGERS for i in (1, 2, 3)),
)  # fmt: skip

PARENTS: tuple[int, ...] = (
    -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 15, 15, 15,
    20, 25, 26, 20, 28, 29, 20, 31, 32, 20, 34, 35, 20, 37, 38,
    21, 40, 41, 21, 43, 44, 21, 46, 47, 21, 49, 50, 21, 52, 53,
)  # fmt: skip

JOINT_COUNT = len(JOINT_NAMES)
BODY_JOINT_COUNT = 22  # pelvis to wrists: what the body pose of SMPL-X counts, the root included

JOINT: dict[str, int] = {name: index for index, name in enumerate(JOINT_NAMES)}


def other_side(name: str) -> str:
    """right_heel of left_heel, seat_left of seat_right; names without a side stay."""
    sides = {"left": "right", "right": "left"}
    return "_".join(sides.get(word, word) for word in name.split("_"))


OTHER_SIDE: Indices = np.array([JOINT[other_side(name)] for name in JOINT_NAMES])   # by joint, the one over there


@dataclass(frozen=True, eq=False)
class Skeleton:
    """One person's joints at rest: T-pose, Y up, facing +Z, the person's left at +X."""

    rest_joints: Array  # [55, 3] m

    def __post_init__(self) -> None:
        check_shape("rest_joints", np.asarray(self.rest_joints), "55 3")
        object.__setattr__(self, "rest_joints", frozen(self.rest_joints))

    @property
    def offsets(self) -> Array:
        """Each joint from its parent at rest, [55, 3] m; the pelvis has zero."""
        parents = np.maximum(np.array(PARENTS), 0)
        return self.rest_joints - self.rest_joints[parents]
