"""Sizes of pictures and focal lengths as people film."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.train.chance import Chance

# Width, height and how often.
_SIZES = (
    (1920, 1080, 0.30), (1280, 720, 0.22), (3840, 2160, 0.04), (854, 480, 0.05), (640, 360, 0.06), (640, 480, 0.08),
    (1440, 1080, 0.05), (1080, 1920, 0.13), (720, 1280, 0.07),
)  # fmt: skip
_ANY_LENS, _PHONE_LENS, _PHONE_SHARE = (0.6, 1.6), (0.75, 1.0), 0.5   # focal length over the long side


def draw_lenses(count: int, chance: Chance) -> tuple[Tensor, Tensor]:
    """K [B, 3, 3] px, the principal point in the middle, and size_px [B, 2]."""
    sizes = torch.tensor([size[:2] for size in _SIZES], dtype=torch.float32, device=chance.device)
    size_px = sizes[chance.one_of(tuple(size[2] for size in _SIZES), count)]
    phone, other = chance.log_uniform(*_PHONE_LENS, count), chance.log_uniform(*_ANY_LENS, count)
    focal = torch.where(chance.yes(_PHONE_SHARE, count), phone, other) * size_px.amax(-1)
    K = torch.zeros(count, 3, 3, device=chance.device)
    K[:, 0, 0] = K[:, 1, 1] = focal
    K[:, :2, 2] = 0.5 * size_px
    K[:, 2, 2] = 1.0
    return K, size_px
