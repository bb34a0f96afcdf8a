"""Rotations as six numbers, which a network can learn, and back (Zhou et al. 2019)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import normalize


def matrix_from_six(six: Tensor) -> Tensor:
    """[..., 6], two axes of any length that are not parallel, to [..., 3, 3] whose first two columns they become."""
    first = normalize(six[..., :3], dim=-1, eps=1e-6)
    second = six[..., 3:] - (first * six[..., 3:]).sum(-1, keepdim=True) * first
    second = normalize(second, dim=-1, eps=1e-6)
    return torch.stack([first, second, torch.linalg.cross(first, second)], -1)


def six_from_matrix(R: Tensor) -> Tensor:
    """The first two columns [..., 6] of R [..., 3, 3]."""
    return R[..., :2].transpose(-1, -2).flatten(-2)


def turn_to_axis(direction: Tensor) -> Tensor:
    """The smallest rotations [..., 3, 3] that bring unit vectors [..., 3] with z > -1 to +z."""
    x, y, z = direction.unbind(-1)
    share = 1.0 / (1.0 + z).clamp(min=1e-6)
    rows = (1 - x * x * share, -x * y * share, -x, -x * y * share, 1 - y * y * share, -y, x, y, z)
    return torch.stack(rows, -1).unflatten(-1, (3, 3))
