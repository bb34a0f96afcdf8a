"""Joints of many samples of many clips at once, in torch."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.train.kinematics import on_the_way
from motion.skeleton import BODY_JOINT_COUNT, PARENTS

_ABOVE = list(PARENTS[1:BODY_JOINT_COUNT])
_SMALL_RAD2 = 1e-8


def matrix_from_vector(turns_rad: Tensor) -> Tensor:
    """Rotation vectors [..., 3] to matrices [..., 3, 3] (Rodrigues), with gradients at zero."""
    squared = turns_rad.square().sum(-1, keepdim=True)
    small = squared < _SMALL_RAD2
    angle = torch.where(small, 1.0, squared).sqrt()
    sine = torch.where(small, 1.0 - squared / 6.0, angle.sin() / angle)
    cosine = torch.where(small, 0.5 - squared / 24.0, (1.0 - angle.cos()) / angle.square())
    x, y, z = turns_rad.unbind(-1)
    s, c = sine[..., 0], cosine[..., 0]
    xx, yy, zz, xy, xz, yz = x * x * c, y * y * c, z * z * c, x * y * c, x * z * c, y * z * c
    x, y, z = x * s, y * s, z * s
    rows = (1 - yy - zz, xy - z, xz + y, xy + z, 1 - xx - zz, yz - x, xz - y, yz + x, 1 - xx - yy)
    return torch.stack(rows, -1).unflatten(-1, (3, 3))


def turned_joints(R_view_from_joint: Tensor, bones_m: Tensor) -> Tensor:
    """Joints [B, N, T, 22, 3] m about the pelvis, of orientations [B, N, T, 22, 3, 3] and bones [B, 22, 3] m."""
    parents = R_view_from_joint[..., _ABOVE, :, :]
    bones = (parents * bones_m[:, None, None, 1:, None, :]).sum(-1)
    return torch.einsum("jk,bntkx->bntjx", on_the_way().to(bones), bones)
