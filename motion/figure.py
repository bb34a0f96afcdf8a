"""A body as contacts, clean-up and retargeting see it, whatever skeleton it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .arrays import Array, Indices, freeze
from .limb_ik import Limb

SOLE_PARTS = ("heel", "ball", "toe")   # with which points of feet end, such as left_heel
_LEG_M = 0.85      # a leg for which the lengths in contacts and clean-up are meant


@dataclass(frozen=True, eq=False)
class Figure:
    """A tree of J joints at rest, its legs and arms, and the P points that may rest on something."""

    parents: tuple[int, ...]          # [J] each joint's, which comes before it; -1 of the first
    rest_joints: Array                # [J, 3] m
    limbs: Mapping[str, Limb]         # of left_leg, right_leg, left_arm, right_arm those that there are
    toe_joints: Mapping[str, int]     # by leg, the joint at the ball that bends; may lack
    point_names: tuple[str, ...]      # such as left_heel, left_ball, left_toe, left_palm, seat, left_knee
    point_joints: Indices             # [P] the joint on which each rides
    points_rest: Array                # [P, 3] m

    def __post_init__(self) -> None:
        shapes = {"rest_joints": "J 3", "point_joints": "P", "points_rest": "P 3"}
        freeze(self, shapes, {"point_joints": np.int64}, J=len(self.parents), P=len(self.point_names))

    def kinematics(self, R_parent_from_joint: Array, root: Array) -> tuple[Array, Array]:
        """R_world_from_joint [T, J, 3, 3] and joints_world [T, J, 3] m; root [T, 3] m is the first joint."""
        R = np.empty_like(R_parent_from_joint, dtype=np.float64)
        joints = np.empty(R_parent_from_joint.shape[:-1])
        R[..., 0, :, :], joints[..., 0, :] = R_parent_from_joint[..., 0, :, :], root
        for joint, parent in enumerate(self.parents[1:], start=1):
            R[..., joint, :, :] = R[..., parent, :, :] @ R_parent_from_joint[..., joint, :, :]
            offset = self.rest_joints[joint] - self.rest_joints[parent]
            joints[..., joint, :] = joints[..., parent, :] + R[..., parent, :, :] @ offset
        return R, joints

    def local(self, R_world_from_joint: Array) -> Array:
        """R_parent_from_joint [T, J, 3, 3] of orientations in the world."""
        parents = np.array(self.parents[1:])
        R = np.array(R_world_from_joint, dtype=np.float64)
        R_parent_from_world = np.swapaxes(R_world_from_joint[..., parents, :, :], -1, -2)
        R[..., 1:, :, :] = R_parent_from_world @ R_world_from_joint[..., 1:, :, :]
        return R

    def points(self, R_world_from_joint: Array, joints_world: Array) -> Array:
        """The points [T, P, 3] m of a posed figure."""
        offsets = self.points_rest - self.rest_joints[self.point_joints]
        turned = np.einsum("...pij,pj->...pi", R_world_from_joint[..., self.point_joints, :, :], offsets)
        return joints_world[..., self.point_joints, :] + turned

    def point(self, name: str) -> int:
        return self.point_names.index(name)

    @property
    def size(self) -> float:
        """How large it is by its legs, beside those for which contacts and clean-up have lengths; 1 without legs."""
        legs = [leg for name, leg in self.limbs.items() if name.endswith("_leg")]
        ways = [np.diff(self.rest_joints[leg.joints], axis=0) for leg in legs]
        return float(np.mean([np.linalg.norm(way, axis=-1).sum() for way in ways])) / _LEG_M if legs else 1.0

    def scaled(self, share: float) -> Figure:
        return replace(self, rest_joints=share * self.rest_joints, points_rest=share * self.points_rest)
