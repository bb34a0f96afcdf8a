"""Standing cameras around a person: several for each take, at any angles, at heights that are alike."""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from backend.train.cameras.cameras import Cameras, looking
from backend.train.cameras.draw import NEAREST_ROOT_M
from backend.train.cameras.lenses import draw_lenses
from backend.train.cameras.standpoints import Standpoints, draw_standpoints
from backend.train.chance import Chance

_ANGLES_DEG = (20.0, 180.0)    # of all others from the first, about the person
_HEIGHT_SIGMA_M = 0.25         # among the cameras of a take
_LOWEST_M = 0.3
_ROOM_M = 0.7                  # before the lens at least, however the person walks


def draw_standing(joints_world: Tensor, body_height_m: Tensor, views: int, chance: Chance) -> Cameras:
    """Cameras for rows of joints_world [B, T, 22, 3] m (Z up), `views` rows after each other being one person.

    body_height_m [B]. They look at the middle of the person's path, and no root comes nearer than about a metre.
    """
    count = len(joints_world)
    K, size_px = draw_lenses(count, chance)
    stand = _together(draw_standpoints(body_height_m, K, size_px, chance), views, chance)
    aim, reach_m = _aim(joints_world, stand.aim_share)
    distance_m = torch.maximum(stand.distance_m, reach_m + NEAREST_ROOT_M + _ROOM_M)
    floor = joints_world[..., 2].amin((1, 2))
    rise = floor + stand.height_m - aim[:, 2]
    level = (distance_m**2 - rise**2).clamp(min=1.0).sqrt().maximum(reach_m + NEAREST_ROOT_M + _ROOM_M)
    place = aim + torch.stack([level * stand.azimuth.cos(), level * stand.azimuth.sin(), rise], -1)
    R = _aimed(aim - place, stand, K, size_px)
    frames = joints_world.shape[1]
    t = -(R @ place[..., None])[..., 0]
    return Cameras(R[:, None].expand(-1, frames, -1, -1), t[:, None].expand(-1, frames, -1), K, size_px,
                   torch.zeros(count, dtype=torch.long, device=K.device))  # fmt: skip


def _together(stand: Standpoints, views: int, chance: Chance) -> Standpoints:
    """The same, but as cameras that were put up for one take."""
    takes = len(stand.azimuth) // views
    apart = chance.sign(takes, views) * chance.uniform(*map(math.radians, _ANGLES_DEG), takes, views)
    apart[:, 0] = 0.0
    first = chance.uniform(-math.pi, math.pi, takes, 1)
    usual = stand.height_m.view(takes, views)[:, :1]
    height = (usual + chance.normal(_HEIGHT_SIGMA_M, takes, views)).clamp(min=_LOWEST_M)
    return replace(stand, azimuth=(first + apart).flatten(), height_m=height.flatten())


def _aim(joints: Tensor, share: Tensor) -> tuple[Tensor, Tensor]:
    """The middle [B, 3] m of the path at a share [B] of the body's height, and how far [B] m the root goes from it."""
    root = joints[:, :, 0, :2]
    middle = 0.5 * (root.amin(1) + root.amax(1))
    low, high = joints[..., 2].amin((1, 2)), joints[..., 2].amax((1, 2))
    aim = torch.cat([middle, (low + share * (high - low))[:, None]], -1)
    return aim, (root - middle[:, None]).norm(dim=-1).amax(1)


def _aimed(sight: Tensor, stand: Standpoints, K: Tensor, size_px: Tensor) -> Tensor:
    """R_camera_from_world [B, 3, 3]."""
    beside = torch.atan(stand.beside * size_px / K[:, :1, 0])
    yaw = torch.atan2(sight[:, 1], sight[:, 0]) + beside[:, 0]
    pitch = torch.atan2(-sight[:, 2], sight[:, :2].norm(dim=-1)) - beside[:, 1]
    return looking(yaw, pitch, stand.roll)
