"""How sure a joint is, from the scores of the landmarks that it was made from."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array
from motion.landmarks import LANDMARK
from motion.skeleton import JOINT_NAMES

_TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_OF_JOINT = {
    "hip": ("hip", "knee"), "knee": ("knee", "ankle"), "ankle": ("ankle", "foot_index"),
    "foot": ("ankle", "foot_index"), "collar": ("shoulder",), "shoulder": ("shoulder", "elbow"),
    "elbow": ("elbow", "wrist"), "wrist": ("wrist", "index"),
}  # fmt: skip
_FACE = ("nose", "left_ear", "right_ear")


def joint_confidence(scores: Array) -> Array:
    """[T, 33] landmark scores to [T, 55]: the mean over the landmarks that a joint's rotation rests on."""
    columns = [np.mean(scores[:, [LANDMARK[name] for name in _landmarks(joint)]], axis=1) for joint in JOINT_NAMES]
    return np.clip(np.stack(columns, axis=1), 0.0, 1.0)


def _landmarks(joint: str) -> tuple[str, ...]:
    side, _, part = joint.partition("_")
    if side in ("left", "right") and part in _OF_JOINT:
        return tuple(f"{side}_{name}" for name in _OF_JOINT[part])
    if side in ("left", "right") and part != "eye":
        return (f"{side}_wrist", f"{side}_index")   # fingers
    return _FACE if joint in ("neck", "head", "jaw", "left_eye", "right_eye") else _TRUNK
