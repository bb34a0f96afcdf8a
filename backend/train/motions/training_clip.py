"""One recording after it was laid on SMPL-X's joints, with what can be learned from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from motion.arrays import check_shape
from motion.skeleton import BODY_JOINT_COUNT

Floats = npt.NDArray[np.float32]

RATE_HZ = 30.0


@dataclass(frozen=True)
class Teaches:
    """What of a clip is true to life; losses and benches look only at that."""

    joints: tuple[bool, ...] = (True,) * BODY_JOINT_COUNT   # whose rotations were recorded
    path: bool = True       # where the root is, and its height above the floor
    speed: bool = True      # how fast things happen: not of poses made by hand
    contacts: bool = True   # which soles rest: not where feet slide or stand on what is not there


@dataclass(frozen=True)
class Origin:
    """Where a clip comes from."""

    name: str       # "cmu/14/14_20", unique
    source: str     # "cmu"
    subject: str    # "14"
    action: str     # "wash windows"
    licence: str    # "CC0-1.0"
    split: str      # "train", "dev", "test"
    start_s: float = 0.0    # in the file it is from


@dataclass(frozen=True, eq=False)
class TrainingClip:
    """T frames at 30 Hz of the 22 joints of the body, in a world with Z up and the floor at z = 0, m."""

    origin: Origin
    teaches: Teaches
    R_parent_from_joint: Floats     # [T, 22, 3, 3]; entry 0 R_world_from_pelvis
    root_world: Floats              # [T, 3] m, the pelvis joint
    rest_joints: Floats             # [55, 3] m, of this subject: T-pose, Y up, facing +Z
    still: npt.NDArray[np.bool_]    # [T, 6] whether STILL_POINTS rest, by their speed

    def __post_init__(self) -> None:
        shapes = {"R_parent_from_joint": "T 22 3 3", "root_world": "T 3", "rest_joints": "55 3", "still": "T 6"}
        for name, shape in shapes.items():
            check_shape(name, getattr(self, name), shape, T=len(self.root_world))

    @property
    def seconds(self) -> float:
        return len(self.root_world) / RATE_HZ
