"""A recording seen through our joints' names."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Array
from ..rotations import axis_angle_from_matrix
from .naming import Naming
from .recording import Recording

_NEAR_REST_RAD, _JUMP_M = np.radians(25.0), 0.25     # added first frames: up to 21 degrees, 0.5 to 1.2 m
_ARRIVING_M_S, _LONGEST_ARRIVAL_S = 4.0, 0.25


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
    first = _first_recorded_frame(recording, whole)
    return replace(whole, turns=turns[first:], joints=joints[first:])


def _first_recorded_frame(recording: Recording, source: Source) -> int:
    """0, or where the body has come to the motion from an added rest pose."""
    limbs = [joint for name, joint in source.naming.joints.items() if not name.endswith(("thumb", "foot"))]
    first = axis_angle_from_matrix(recording.R_parent_from_joint[0, limbs])
    beginning = slice(0, 2 + int(_LONGEST_ARRIVAL_S * source.rate_hz))
    about_pelvis = source.joints[beginning][:, limbs] - source.place("pelvis")[beginning, None]
    steps = np.linalg.norm(np.diff(about_pelvis, axis=0), axis=-1).max(axis=-1)
    if len(steps) < 2 or np.linalg.norm(first, axis=-1).max() > _NEAR_REST_RAD or steps[0] < _JUMP_M:
        return 0
    # Where the file was filtered after the pose was added, a few frames lie on the way.
    arriving = steps[1:] * source.rate_hz > _ARRIVING_M_S
    return 1 + int(np.argmin(arriving)) if not arriving.all() else len(steps)
