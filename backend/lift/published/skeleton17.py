"""The 17 joints that published lifters work on, in the order of each data set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

COUNT = 17
_OTHER_SIDE = {"left": "right", "right": "left"}


@dataclass(frozen=True)
class Skeleton17:
    """Names of the joints and the number of each one's parent, -1 for the root."""

    joints: tuple[str, ...]
    parents: tuple[int, ...]

    @cached_property
    def root(self) -> int:
        return self.parents.index(-1)

    @cached_property
    def bones(self) -> tuple[tuple[int, int], ...]:
        """(parent, child), by child."""
        return tuple((parent, child) for child, parent in enumerate(self.parents) if parent >= 0)

    @cached_property
    def mirrored(self) -> tuple[int, ...]:
        """The number of every joint's counterpart on the other side."""
        parted = (name.partition("_") for name in self.joints)
        return tuple(self.joints.index(f"{_OTHER_SIDE.get(side, side)}{mark}{rest}") for side, mark, rest in parted)


HUMAN36M = Skeleton17(
    ("pelvis", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle", "spine", "thorax",
     "neck", "head", "left_shoulder", "left_elbow", "left_wrist", "right_shoulder", "right_elbow", "right_wrist"),
    (-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 9, 8, 11, 12, 8, 14, 15))  # fmt: skip
MPI_INF_3DHP = Skeleton17(
    ("head_top", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
     "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle", "pelvis", "spine", "head"),
    (1, 15, 1, 2, 3, 1, 5, 6, 14, 8, 9, 14, 11, 12, -1, 14, 1))  # fmt: skip
