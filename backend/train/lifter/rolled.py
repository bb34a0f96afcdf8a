"""Cameras that are held askew: whole batches turned about the optical axis, what is seen and what is true alike."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from backend.train.batches import Batch
from backend.train.chance import Chance
from backend.train.kinematics import gravity_view

SIGMA_RAD = 0.15        # of most
ANYHOW_SHARE = 0.2      # are turned by any angle, so that films of the wrong way up can be lifted too


def rolls(count: int, chance: Chance) -> Tensor:
    """Angles [B] rad."""
    usual = chance.normal(SIGMA_RAD, count)
    any_angle = torch.pi * (2.0 * chance.uniform(0.0, 1.0, count) - 1.0)
    return torch.where(chance.yes(ANYHOW_SHARE, count), any_angle, usual)


def rolled(batch: Batch, angle_rad: Tensor) -> Batch:
    """The batch before cameras that are turned about their optical axis by angles [B], K staying as it is."""
    turn = _about_axis(angle_rad.to(batch.root_camera))[:, None]      # [B, 1, 3, 3]
    cameras = replace(
        batch.cameras, R_camera_from_world=turn @ batch.cameras.R_camera_from_world,
        t_camera_from_world=_turned(turn, batch.cameras.t_camera_from_world))  # fmt: skip
    R_camera_from_pelvis = turn @ batch.R_parent_from_joint[:, :, 0]
    said, K = batch.detections, batch.views.K
    centre, focal = K[:, None, None, :2, 2], K.diagonal(dim1=-2, dim2=-1)[:, None, None, :2]
    across = (said.landmarks_px - centre) / focal
    pixels = (across @ turn[..., :2, :2].mT * focal + centre) * said.seen[..., None, None]
    return replace(
        batch,
        views=replace(batch.views, landmarks_camera=batch.views.landmarks_camera @ turn.mT),
        detections=replace(said, landmarks_px=pixels, landmarks_camera=said.landmarks_camera @ turn.mT),
        cameras=cameras,
        R_parent_from_joint=torch.cat([R_camera_from_pelvis[:, :, None], batch.R_parent_from_joint[:, :, 1:]], 2),
        R_gravity_view_from_pelvis=gravity_view(cameras.down_camera) @ R_camera_from_pelvis,
        root_camera=_turned(turn, batch.root_camera),
        joints_camera=batch.joints_camera @ turn.mT,
        R_camera_from_previous=turn @ batch.R_camera_from_previous @ turn.mT,
    )


def _about_axis(angle_rad: Tensor) -> Tensor:
    """[B, 3, 3] about z."""
    sine, cosine, zero = angle_rad.sin(), angle_rad.cos(), torch.zeros_like(angle_rad)
    rows = (cosine, -sine, zero, sine, cosine, zero, zero, zero, torch.ones_like(zero))
    return torch.stack(rows, -1).unflatten(-1, (3, 3))


def _turned(turn: Tensor, v: Tensor) -> Tensor:
    return (turn @ v[..., None])[..., 0]
