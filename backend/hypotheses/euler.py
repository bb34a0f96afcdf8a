"""From noise to samples along the flow."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def euler(velocity: Callable[[Tensor, Tensor], Tensor], noise: Tensor, steps: int) -> Tensor:
    """y at time 1 from noise y [B, N, ...] at time 0: y <- y + v(y, s / S) / S for s = 0 ... S - 1 (FMPose3D)."""
    y = noise
    for step in range(steps):
        time = torch.full(noise.shape[:2], step / steps, device=noise.device)
        y = y + velocity(y, time) / steps
    return y
