"""Motion of any skeleton, as the files of motion capture systems and other programs have it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, freeze


@dataclass(frozen=True, eq=False)
class Recording:
    """A tree of N joints over T frames. World and rest pose: metres, Y up, right-handed.

    At rest every joint has the axes of the world, whatever basis its file gives it, so that a rotation says how a joint
    has turned since the rest pose, beyond its parent. The rest pose is the file's own and need not be a T-pose.
    Ends of bones that nothing turns are joints too (tips of toes, top of the head), named after their joint and "_end".
    """

    name: str
    rate_hz: float
    joint_names: tuple[str, ...]    # N, parents before children
    parents: tuple[int, ...]        # N, -1 for the root
    rest_joints: Array              # [N, 3] m
    R_parent_from_joint: Array      # [T, N, 3, 3]; of the root R_world_from_root
    joint_from_parent: Array        # [T, N, 3] m, each joint in its parent's axes; of the root its place in the world

    def __post_init__(self) -> None:
        count, frames = len(self.joint_names), len(self.R_parent_from_joint)
        shapes = {"rest_joints": "N 3", "R_parent_from_joint": "T N 3 3", "joint_from_parent": "T N 3"}
        freeze(self, shapes, N=count, T=frames)
        if len(self.parents) != count or any(parent >= joint for joint, parent in enumerate(self.parents)):
            raise ValueError("parents must come before their children.")

    def world(self) -> tuple[Array, Array]:
        """R_world_from_joint [T, N, 3, 3] and joints_world [T, N, 3] m."""
        R_world_from_joint = self.R_parent_from_joint.copy()
        joints_world = self.joint_from_parent.copy()
        for joint, parent in enumerate(self.parents):
            if parent >= 0:
                R_world_from_parent = R_world_from_joint[:, parent]
                R_world_from_joint[:, joint] = R_world_from_parent @ R_world_from_joint[:, joint]
                turned = np.einsum("tij,tj->ti", R_world_from_parent, joints_world[:, joint])
                joints_world[:, joint] = joints_world[:, parent] + turned
        return R_world_from_joint, joints_world
