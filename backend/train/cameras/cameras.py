"""Virtual cameras as tensors: where they are over time and what they look through."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from backend.train.rows import Rows

KINDS = ("static", "handheld", "panning", "tracking", "pushing", "pulling", "orbiting")


@dataclass(frozen=True, eq=False)
class Cameras(Rows):
    """B cameras over T frames, as in OpenCV: x right, y down, z forward; a world with Z up."""

    R_camera_from_world: Tensor   # [B, T, 3, 3]
    t_camera_from_world: Tensor   # [B, T, 3] m
    K: Tensor                     # [B, 3, 3] px
    size_px: Tensor               # [B, 2] width, height
    kind: Tensor                  # [B] index into KINDS

    def in_camera(self, points_world: Tensor) -> Tensor:
        """Points [B, T, P, 3] m of the world in the cameras' frames."""
        return points_world @ self.R_camera_from_world.transpose(-1, -2) + self.t_camera_from_world[..., None, :]

    @property
    def down_camera(self) -> Tensor:
        """[B, T, 3] unit vectors of gravity in the cameras' frames."""
        return -self.R_camera_from_world[..., :, 2]

    @property
    def pitch_rad(self) -> Tensor:
        """[B, T] how far each camera looks down."""
        return torch.asin((-self.R_camera_from_world[..., 2, 2]).clamp(-1.0, 1.0))

    @property
    def roll_rad(self) -> Tensor:
        """[B, T] positive where the picture shows up leaning right."""
        return torch.atan2(self.R_camera_from_world[..., 0, 2], -self.R_camera_from_world[..., 1, 2])

    @property
    def places_world(self) -> Tensor:
        """[B, T, 3] m."""
        return -(self.R_camera_from_world.transpose(-1, -2) @ self.t_camera_from_world[..., None])[..., 0]


def projected(points_camera: Tensor, K: Tensor) -> Tensor:
    """Points [B, T, P, 3] m to pixels [B, T, P, 2]; what is behind the lens is treated as just before it."""
    flat = points_camera[..., :2] / points_camera[..., 2:].clamp(min=0.1)
    focal = torch.stack([K[:, 0, 0], K[:, 1, 1]], -1)
    return flat * focal[:, None, None] + K[:, None, None, :2, 2]


def looking(yaw: Tensor, pitch_down: Tensor, roll: Tensor) -> Tensor:
    """R_camera_from_world [..., 3, 3] of cameras that look along yaw [...] about Z, rad."""
    sin_yaw, cos_yaw, sin_pitch, cos_pitch = yaw.sin(), yaw.cos(), pitch_down.sin(), pitch_down.cos()
    right = torch.stack([sin_yaw, -cos_yaw, torch.zeros_like(yaw)], -1)
    down = torch.stack([-sin_pitch * cos_yaw, -sin_pitch * sin_yaw, -cos_pitch], -1)
    forward = torch.stack([cos_pitch * cos_yaw, cos_pitch * sin_yaw, -sin_pitch], -1)
    cosine, sine = roll.cos()[..., None], roll.sin()[..., None]
    return torch.stack([cosine * right - sine * down, sine * right + cosine * down, forward], -2)
