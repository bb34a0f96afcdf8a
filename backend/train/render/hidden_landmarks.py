"""Which landmarks lie behind a surface, by the depth of what is seen at their pixels."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.train.render.rasteriser import NEAREST_M, Hits, Window
from motion.landmarks import LANDMARK, LANDMARK_COUNT

# Landmarks of joints lie in the flesh: the surface before them hides them only when it is further off than this.
IN_TRUNK_M, IN_LIMB_M = 0.12, 0.07
IN_TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")


def depth_behind(hits: Hits, backdrop_m: Tensor, frames: int, window: Window) -> Tensor:
    """Depth of whatever is nearest at each pixel, [T, H, W] m; backdrop [1 or T, H, W]."""
    nearest = backdrop_m.expand(frames, -1, -1).contiguous()
    row, column = hits.pixel // window.width + window.top, hits.pixel % window.width + window.left
    cell = (hits.frame * nearest.shape[1] + row) * nearest.shape[2] + column
    flat = nearest.view(-1)
    flat[cell] = torch.minimum(flat[cell], hits.depth_m)
    return nearest


def hidden_behind(nearest_m: Tensor, landmarks_m: Tensor, K: Tensor) -> Tensor:
    """[T, L] whether something lies before a landmark [T, L, 3] (camera's frame); False outside of the picture."""
    frames, height, width = nearest_m.shape
    ahead = landmarks_m[..., 2].clamp(min=NEAREST_M)
    column = (landmarks_m[..., 0] / ahead * K[0, 0] + K[0, 2]).floor().long()
    row = (landmarks_m[..., 1] / ahead * K[1, 1] + K[1, 2]).floor().long()
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height) & (landmarks_m[..., 2] > NEAREST_M)
    cell = row.clamp(0, height - 1) * width + column.clamp(0, width - 1)
    before = nearest_m.reshape(frames, -1).gather(1, cell)
    return inside & (before < landmarks_m[..., 2] - depths_in_flesh_m(landmarks_m.shape[1], K.device))


def depths_in_flesh_m(count: int, device: torch.device) -> Tensor:
    """[L] for MediaPipe's landmarks, the limbs' for any other count."""
    depths = torch.full((count,), IN_LIMB_M, device=device)
    if count == LANDMARK_COUNT:
        depths[[LANDMARK[name] for name in IN_TRUNK]] = IN_TRUNK_M
    return depths
