"""Other poses of a lifted person that fit the footage, as motions over the whole clip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from backend.lift.lift import Lift
from backend.lift.refine.turned import Turned, bones_of, turned, with_turns
from motion.arrays import Array, check_shape
from motion.kinematics import forward_kinematics
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import BODY_JOINT_COUNT


@dataclass(frozen=True, eq=False)
class Samples:
    """N motions about a lift of T frames; each turns the orientations of joints, so that bones keep their lengths."""

    lift: Lift
    turns_rad: Array     # [N, T, 22, 3] rotation vectors in the camera's axes: R_sample = exp(turn) R_lift
    root_camera: Array   # [N, T, 3] m, the pelvis joint
    shares: Array = field(default_factory=lambda: np.zeros(0))   # [N] how likely each is before it is looked at

    def __post_init__(self) -> None:
        frames = len(self.lift.root_camera)
        if len(self.shares) == 0:
            object.__setattr__(self, "shares", np.full(len(self.turns_rad), 1.0 / max(1, len(self.turns_rad))))
        check_shape("shares", self.shares, "N", N=len(self.turns_rad))
        check_shape("turns_rad", self.turns_rad, "N T 22 3", T=frames)
        check_shape("root_camera", self.root_camera, "N T 3", N=len(self.turns_rad), T=frames)

    def __len__(self) -> int:
        return len(self.turns_rad)

    def during(self, frames: slice) -> Samples:
        return Samples(self.lift.during(frames), self.turns_rad[:, frames], self.root_camera[:, frames], self.shares)

    def orientations(self) -> Array:
        """R_camera_from_joint [N, T, 22, 3, 3]."""
        lift = self.lift
        R, _ = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint, lift.root_camera)
        return matrix_from_axis_angle(self.turns_rad) @ R[:, :BODY_JOINT_COUNT]

    def bodies(self) -> Iterator[Turned]:
        """One sample's body after the other: all of a long clip at once would fill the memory."""
        bones = bones_of(self.lift, slice(None))
        for turns, root in zip(self.turns_rad, self.root_camera, strict=True):
            yield turned(bones, turns, root - self.lift.root_camera)

    def landmarks_camera(self) -> Array:
        """The body's landmark points, [N, T, 33, 3] m."""
        return np.stack([body.points for body in self.bodies()])

    def joints_camera(self) -> Array:
        """The body's joints, [N, T, 22, 3] m."""
        return np.stack([body.joints for body in self.bodies()])

    def lift_of(self, number: int) -> Lift:
        """One of them as a lift of its own; fingers keep their pose against the hand."""
        R = with_turns(self.lift, self.turns_rad[number])
        return replace(self.lift, R_parent_from_joint=R, root_camera=self.root_camera[number])
