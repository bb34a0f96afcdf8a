"""Where a camera sees the points of a posed body that ride on its limbs, trunk and head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Indices
from ..body import Body
from ..kinematics import attached_points, forward_kinematics
from ..landmarks import LANDMARK
from ..motion import Camera

# Fingers and the inner face say nothing that these do not; what a limb does hangs on the joints and the feet.
POINT_NAMES: tuple[str, ...] = ("nose", "left_ear", "right_ear") + tuple(
    f"{side}_{part}" for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
    for side in ("left", "right"))  # fmt: skip
POINTS: Indices = np.array([LANDMARK[name] for name in POINT_NAMES])
NEAREST_M = 0.05   # points nearer to the lens, or behind it, are held before it


@dataclass(frozen=True, eq=False)
class Posed:
    """A body over T frames."""

    R_world_from_joint: Array   # [T, 55, 3, 3]
    joints_world: Array         # [T, 55, 3] m
    points_world: Array         # [T, L, 3] m, the body's points of the landmarks asked for


def posed(body: Body, R_parent_from_joint: Array, root_world: Array, landmarks: Indices = POINTS) -> Posed:
    """The body and its points of some landmarks [L]."""
    R, joints = forward_kinematics(body.skeleton, R_parent_from_joint, root_world)
    carriers = body.model.point_joints[landmarks]
    return Posed(R, joints, attached_points(R, joints, body.skeleton, body.points[landmarks], carriers))


@dataclass(frozen=True, eq=False)
class Sight:
    """The frames [T] of a camera that stands or moves."""

    K: Array
    R_camera_from_world: Array
    t_camera_from_world: Array

    @classmethod
    def of(cls, camera: Camera, frames: slice = slice(None)) -> Sight:
        return cls(camera.K[frames], camera.R_camera_from_world[frames], camera.t_camera_from_world[frames])

    def in_camera(self, points_world: Array) -> Array:
        """[T, L, 3] m."""
        turned = np.einsum("tij,tlj->tli", self.R_camera_from_world, points_world)
        return turned + self.t_camera_from_world[:, None]

    def pixels(self, points_world: Array) -> Array:
        """[T, L, 2] px of the upright picture."""
        points = self.in_camera(points_world)
        points[..., 2] = np.maximum(points[..., 2], NEAREST_M)
        seen = np.einsum("tij,tlj->tli", self.K, points)
        return seen[..., :2] / seen[..., 2:]

    def pixel_rows(self, points_world: Array) -> Array:
        """How pixels move with points of the world, [T, L, 2, 3] px/m."""
        points = self.in_camera(points_world)
        depth = np.maximum(points[..., 2], NEAREST_M)
        seen = np.einsum("tij,tlj->tli", self.K, points)[..., :2] / depth[..., None]
        by_camera = self.K[:, None, :2] - seen[..., None] * np.array([0.0, 0.0, 1.0])
        return by_camera / depth[..., None, None] @ self.R_camera_from_world[:, None]

    def rays(self, points_world: Array) -> Array:
        """Unit vectors [T, L, 3] of the world from the lens to points."""
        places = -np.einsum("tji,tj->ti", self.R_camera_from_world, self.t_camera_from_world)
        ways = points_world - places[:, None]
        return ways / np.maximum(np.linalg.norm(ways, axis=-1, keepdims=True), 1e-9)
