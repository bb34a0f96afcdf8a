"""Mixing over time: bidirectional selective scans, or attention as GVHMR has it to compare with."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.lift.network.configuration import LifterConfiguration
from backend.lift.state_space.mamba2 import Mamba2

_CHUNK = 32
_ATTENTION_HEAD = 32
_REACH_FRAMES = 60      # GVHMR's mask: a frame attends to so many before and after it
_ROTARY_BASE = 10_000.0


class FrameBlock(nn.Module):
    """x + mixing over time, then x + a small perceptron, [B, T, width]."""

    def __init__(self, wanted: LifterConfiguration) -> None:
        super().__init__()
        width = wanted.width
        self.norm = nn.LayerNorm(width)
        self.mixing = Attention(width) if wanted.over_time == "attention" else BothWays(wanted)
        self.inner_norm = nn.LayerNorm(width)
        self.inner = nn.Sequential(nn.Linear(width, 2 * width), nn.SiLU(), nn.Linear(2 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.mixing(self.norm(x))
        return x + self.inner(self.inner_norm(x))


class BothWays(nn.Module):
    """One scan forwards and one backwards, added."""

    def __init__(self, wanted: LifterConfiguration) -> None:
        super().__init__()
        ways = 2 if wanted.both_directions else 1
        self.scans = nn.ModuleList(
            Mamba2(wanted.width, wanted.state_size, expand=1, head_width=wanted.head_width, chunk=_CHUNK)
            for _ in range(ways))  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        total = self.scans[0](x)
        return total + self.scans[1](x.flip(1)).flip(1) if len(self.scans) == 2 else total


class Attention(nn.Module):
    """Self-attention with rotary positions among frames at most _REACH_FRAMES apart (GVHMR, Shen et al. 2024)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = width // _ATTENTION_HEAD
        self.enter = nn.Linear(width, 3 * width)
        self.leave = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = self.enter(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        frames = torch.arange(x.shape[1], device=x.device)
        near = (frames[:, None] - frames).abs() <= _REACH_FRAMES
        mixed = functional.scaled_dot_product_attention(rotary(query, frames), rotary(key, frames), value, near)
        return self.leave(mixed.transpose(1, 2).flatten(2))


def rotary(x: Tensor, frames: Tensor) -> Tensor:
    """Pairs of channels of x [..., T, C] turned by angles that grow with the frame (Su et al. 2021)."""
    half = x.shape[-1] // 2
    angle = frames[:, None] * _ROTARY_BASE ** (-torch.arange(half, device=x.device) / half)
    sine, cosine = angle.sin(), angle.cos()
    one, other = x[..., 0::2], x[..., 1::2]
    return torch.stack([one * cosine - other * sine, one * sine + other * cosine], -1).flatten(-2)
