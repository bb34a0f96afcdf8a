"""The body's shadow on the floor: its vertices along the light, splashed at half size and softened."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.train.render.rasteriser import NEAREST_M, Window
from backend.train.render.scene import Light

SOFT_PX = 3              # at half size
FULL_COVER = 0.25        # share of splashed pixels from which the shadow is as deep as it gets


def on_floor(vertices_m: Tensor, light: Light) -> Tensor:
    """Where the key's light through each vertex [V, 3, T] meets the floor, [V, 3, T] world."""
    towards = torch.tensor(light.towards[0], dtype=vertices_m.dtype, device=vertices_m.device)
    return vertices_m - vertices_m[:, 2:] * (towards / towards[2])[:, None]


def shade(shadow_m: Tensor, K: Tensor, window: Window, depth: float) -> Tensor:
    """Factor [T, h, w] of the floor's light under splashes at [V, 3, T] in the camera's frame."""
    frames, height, width = shadow_m.shape[-1], window.height // 2, window.width // 2
    ahead = shadow_m[:, 2].clamp(min=NEAREST_M)
    column = ((shadow_m[:, 0] / ahead * K[0, 0] + K[0, 2] - window.left) / 2).floor()
    row = ((shadow_m[:, 1] / ahead * K[1, 1] + K[1, 2] - window.top) / 2).floor()
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height) & (shadow_m[:, 2] > NEAREST_M)
    frame = torch.arange(frames, device=shadow_m.device).expand_as(column)
    cell = frame * (height * width) + (row * width + column).long()
    splashes = torch.zeros(frames * height * width, device=shadow_m.device)
    splashes[cell[inside]] = 1.0
    cover = _softened(splashes.view(frames, 1, height, width)) / FULL_COVER
    cover = _softened(cover.clamp(max=1.0))
    whole = torch.nn.functional.interpolate(cover, (window.height, window.width), mode="bilinear")
    return 1.0 - depth * whole[:, 0]


def _softened(pictures: Tensor) -> Tensor:
    """Means over squares, by rows and then by columns."""
    pool, side = torch.nn.functional.avg_pool2d, 2 * SOFT_PX + 1
    return pool(pool(pictures, (1, side), 1, (0, SOFT_PX)), (side, 1), 1, (SOFT_PX, 0))
