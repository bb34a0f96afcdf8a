"""Which points rest, as motions.still tells it, of many windows at once in torch."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.train.motions.still import MOVING_ABOVE_M_S, STILL_BELOW_M_S


def resting(points_world: Tensor, rate_hz: float) -> Tensor:
    """[B, T, P] whether points [B, T, P, 3] m rest: slower than one speed once, and never faster than a higher one."""
    if points_world.shape[1] < 2:
        return torch.ones(points_world.shape[:-1], dtype=torch.bool, device=points_world.device)
    (velocity,) = torch.gradient(points_world, spacing=1.0 / rate_hz, dim=1)
    speed = velocity.norm(dim=-1)
    slow, fast = speed < STILL_BELOW_M_S, speed >= MOVING_ABOVE_M_S
    return ~fast & (_slow_since_fast(slow, fast) | _slow_since_fast(slow.flip(1), fast.flip(1)).flip(1))


def _slow_since_fast(slow: Tensor, fast: Tensor) -> Tensor:
    """[B, T, P] whether the last frame that was slow came after the last one that was fast."""
    frame = torch.arange(1, slow.shape[1] + 1, device=slow.device)[None, :, None]
    last_slow, last_fast = (torch.cummax(which * frame, 1).values for which in (slow, fast))
    return last_slow > last_fast
