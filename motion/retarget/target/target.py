"""A character as the solvers see it: its mapped bones as a figure of its own proportions in our T-pose."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ...arrays import Array, Indices, freeze
from ...figure import Figure


@dataclass(frozen=True, eq=False)
class Target:
    """J mapped bones. An orientation R_world_from_joint means the same as the source's: identity would be the T-pose,
    Y up, facing +Z; limbs then point as the source's do at rest, with the lengths of the character in metres.
    """

    figure: Figure                 # joint 0 is the one that turns the pelvis
    slots: tuple[str, ...]         # [J] of which slot each joint is, such as left_upper_arm
    bones: Indices                 # [J] of the rig
    R_joint_from_bone: Array       # [J, 3, 3] the rest alignment: R_world_from_bone = R_world_from_joint @ this
    path_scale: float              # of the path, beside the source's
    floor_world_m: float           # on which it stands
    origin_world: Array = field(default_factory=lambda: np.zeros(3))   # [3] m, where the source's origin comes to lie
    shown: Indices = None          # [J] the bone that lies where the joint is and deforms; the keyed one if None

    def __post_init__(self) -> None:
        if self.shown is None:
            object.__setattr__(self, "shown", self.bones)
        shapes = {"bones": "J", "shown": "J", "R_joint_from_bone": "J 3 3"}
        freeze(self, shapes, {"bones": np.int64, "shown": np.int64}, J=len(self.slots))

    def placed(self, points_world: Array, source_floor_m: float) -> Array:
        """Where points [..., 3] m of the source's world are in the character's, m."""
        start = np.array([*self.origin_world[:2], self.floor_world_m])
        return start + self.path_scale * (points_world - np.array([0.0, 0.0, source_floor_m]))

    def joint(self, slot: str) -> int:
        """The (innermost) joint of a slot, -1 when it has none."""
        return self.slots.index(slot) if slot in self.slots else -1


@dataclass(frozen=True, eq=False)
class TargetPose:
    """The target over T frames, world Z up, m."""

    R_parent_from_joint: Array     # [T, J, 3, 3] of target.figure; entry 0 is R_world_from_joint
    root_world: Array              # [T, 3] m, joint 0
