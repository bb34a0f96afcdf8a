"""What a recording is on our body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, freeze
from ..kinematics import forward_kinematics
from ..skeleton import BODY_JOINT_COUNT, Skeleton


@dataclass(frozen=True, eq=False)
class Performance:
    """A motion of the SMPL-X joints in a world with Z up and the floor at z = 0."""

    rate_hz: float
    R_parent_from_joint: Array   # [T, 55, 3, 3], entry 0 R_world_from_pelvis
    root_world: Array            # [T, 3] m, the pelvis
    rest_joints: Array           # [55, 3] m, a skeleton with the subject's bone lengths
    recorded: tuple[bool, ...]   # 22, whether the joint's turns were recorded at all

    def __post_init__(self) -> None:
        shapes = {"R_parent_from_joint": "T 55 3 3", "root_world": "T 3", "rest_joints": "55 3"}
        freeze(self, shapes, T=len(self.root_world))
        if len(self.recorded) != BODY_JOINT_COUNT:
            raise ValueError(f"recorded must have {BODY_JOINT_COUNT} entries, not {len(self.recorded)}.")

    @property
    def skeleton(self) -> Skeleton:
        return Skeleton(self.rest_joints)

    def joints_world(self) -> Array:
        """[T, 55, 3] m."""
        return forward_kinematics(self.skeleton, np.asarray(self.R_parent_from_joint), self.root_world)[1]
