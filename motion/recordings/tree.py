"""A tree of joints while it is read, and where its joints are at rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Sequence

import numpy as np

from ..arrays import Array


@dataclass
class Tree:
    """Joints, parents before children, in the file's unit."""

    names: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    offsets: list[list[float]] = field(default_factory=list)   # from the parent, in its axes at rest

    def add(self, name: str, parent: int, offset: Sequence[float] = (0.0, 0.0, 0.0)) -> int:
        """The number of a new joint."""
        self.names.append(name)
        self.parents.append(parent)
        self.offsets.append(list(offset))
        return len(self.names) - 1


def rest_joints(parents: Sequence[int], offsets: Array) -> Array:
    """Joints [N, 3] from offsets [N, 3] in the axes of the world."""
    joints = np.array(offsets, dtype=np.float64)
    for joint, parent in enumerate(parents):
        if parent >= 0:
            joints[joint] += joints[parent]
    return joints


def placed(parents: Sequence[int], R_parent_from_joint: Array, joint_from_parent: Array) -> Array:
    """Joints [N, 3] of one frame from turns [N, 3, 3] and places [N, 3] in the axes of the parents."""
    R_world, joints = R_parent_from_joint.copy(), joint_from_parent.copy()
    for joint, parent in enumerate(parents):
        if parent >= 0:
            R_world[joint] = R_world[parent] @ R_world[joint]
            joints[joint] = joints[parent] + R_world[parent] @ joints[joint]
    return joints
