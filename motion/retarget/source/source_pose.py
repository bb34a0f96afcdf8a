"""What is brought to another character: a posed SMPL-X body over time, and what it holds to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...arrays import Array, freeze
from ...contacts.contacts import Contacts
from ...figure import Figure


@dataclass(frozen=True, eq=False)
class SourcePose:
    """T frames in the world (Z up, m). The figure is of the SMPL-X skeleton (motion/contacts/body_points.py)."""

    figure: Figure
    rate: float                 # frames a second
    R_world_from_joint: Array   # [T, 55, 3, 3], from the rest frame: T-pose, Y up, facing +Z
    joints_world: Array         # [T, 55, 3] m
    contacts: Contacts          # as decided on the source
    floor_world_m: float = 0.0  # height of its floor

    def __post_init__(self) -> None:
        freeze(self, {"R_world_from_joint": "T 55 3 3", "joints_world": "T 55 3"}, T=len(self.joints_world))

    @property
    def frame_count(self) -> int:
        return len(self.joints_world)

    def from_origin(self) -> SourcePose:
        """The same over the ground from the world's origin on, where the pelvis then begins."""
        start = np.array([*self.joints_world[0, 0, :2], 0.0]) if self.frame_count else np.zeros(3)
        return replace(self, joints_world=self.joints_world - start)

    def points_world(self) -> Array:
        """The figure's points [T, P, 3] m."""
        return self.figure.points(self.R_world_from_joint, self.joints_world)


R_WORLD_FROM_REST: Array = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""The SMPL-X rest frame (Y up, facing +Z) as Blender has it: Z up, facing -Y."""
