"""A recording seen through our joints' names."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Array
from ..rotations import axis_angle_from_matrix
from .naming import Naming
from .recording import Recording

_ADDED_TURN_RAD = np.radians(1.0)   # an added first frame is the rest pose, exactly but for rounding
_JUMP_M, _JUMP_TIMES = 0.15, 5.0


@dataclass(frozen=True, eq=False)
class Source:
    """World orientations and places over T frames, metres, Y up, and the rest pose."""

    rate_hz: float
    naming: Naming
    turns: Array         # [T, N, 3, 3] since the rest pose
    joints: Array        # [T, N, 3] m
    rest_joints: Array   # [N, 3] m
    parents: tuple[int, ...]

    def has(self, joint: str) -> bool:
        return joint in self.naming.joints

    def turn(self, joint: str) -> Array:
        """[T, 3, 3] in the world, since the rest pose."""
        return self.turns[:, self.naming.joints[joint]]

    def turn_before(self, joint: str, upper: str) -> Array:
        """[T, 3, 3] of what carries the joint: `upper`, or the last of the twist joints between them."""
        carrier = self.parents[self.naming.joints[joint]]
        above = carrier
        while above >= 0 and above != self.naming.joints[upper]:
            above = self.parents[above]
        return self.turns[:, carrier] if above >= 0 else self.turn(upper)

    def place(self, joint: str) -> Array:
        """[T, 3] m."""
        return self.joints[:, self.naming.joints[joint]]

    def rest(self, joint: str) -> Array:
        """[3] m."""
        return self.rest_joints[self.naming.joints[joint]]

    def middle(self, joint: str) -> Array:
        """[T, 3] m, between left and right."""
        return 0.5 * (self.place(f"left_{joint}") + self.place(f"right_{joint}"))

    def rest_middle(self, joint: str) -> Array:
        """[3] m, between left and right."""
        return 0.5 * (self.rest(f"left_{joint}") + self.rest(f"right_{joint}"))

    def rest_across(self, joint: str) -> Array:
        """[3] m, from right to left."""
        return self.rest(f"left_{joint}") - self.rest(f"right_{joint}")


def source_of(recording: Recording, naming: Naming) -> Source:
    """The recording without the T-pose that some programs put before its first frame."""
    turns, joints = recording.world()
    whole = Source(recording.rate_hz, naming, turns, joints, recording.rest_joints, recording.parents)
    if not _begins_with_added_pose(recording, whole):
        return whole
    return replace(whole, turns=turns[1:], joints=joints[1:])


def _begins_with_added_pose(recording: Recording, source: Source) -> bool:
    """Whether the first frame is the rest pose and the body jumps from there."""
    if len(source.joints) < 2:
        return False
    limbs = [index for name, index in source.naming.joints.items() if not name.endswith(("thumb", "foot"))]
    first = axis_angle_from_matrix(recording.R_parent_from_joint[0, limbs])
    at_rest = np.linalg.norm(first, axis=-1).max() < _ADDED_TURN_RAD
    about_pelvis = source.joints[:60, limbs] - source.place("pelvis")[:60, None]
    steps = np.linalg.norm(np.diff(about_pelvis, axis=0), axis=-1).max(axis=-1)
    jumps = steps[0] > _JUMP_M and steps[0] > _JUMP_TIMES * np.max(steps[1:], initial=0.0)
    return bool(jumps or (at_rest and steps[0] > 0.5 * _JUMP_M))
