"""The Mamba-2 layer; parameters have the names and shapes of mamba_ssm.Mamba2."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.lift.state_space.ssd import ssd

_DT_LEAST, _DT_GREATEST, _DT_FLOOR = 1e-3, 0.1, 1e-4
_DECAY_RANGE = (1.0, 16.0)
_NORM_EPSILON = 1e-5


class Mamba2(nn.Module):
    """[B, L, width] to the same, causally: what comes later in L changes nothing that comes before."""

    def __init__(self, width: int, state_size: int = 64, conv_width: int = 4, expand: int = 2,
                 head_width: int = 64, groups: int = 1, chunk: int = 32) -> None:  # fmt: skip
        super().__init__()
        inner = expand * width
        heads = inner // head_width
        self.state_size, self.groups, self.chunk, self.head_width = state_size, groups, chunk, head_width
        mixed = inner + 2 * groups * state_size
        self.in_proj = nn.Linear(width, inner + mixed + heads, bias=False)
        self.conv1d = nn.Conv1d(mixed, mixed, conv_width, groups=mixed, padding=conv_width - 1)
        self.dt_bias = nn.Parameter(_inverse_softplus(_drawn_steps(heads)))
        self.A_log = nn.Parameter(torch.empty(heads).uniform_(*_DECAY_RANGE).log())
        self.D = nn.Parameter(torch.ones(heads))
        self.norm = GatedNorm(inner)
        self.out_proj = nn.Linear(inner, width, bias=False)

    def forward(self, u: Tensor) -> Tensor:
        inner, states = self.out_proj.in_features, self.groups * self.state_size
        z, mixed, dt = self.in_proj(u).split([inner, inner + 2 * states, len(self.dt_bias)], -1)
        mixed = functional.silu(causal_convolution(mixed, self.conv1d.weight, self.conv1d.bias))
        x, B, C = mixed.split([inner, states, states], -1)
        x, B, C = x.unflatten(-1, (-1, self.head_width)), *(v.unflatten(-1, (self.groups, -1)) for v in (B, C))
        y = ssd(x, functional.softplus(dt + self.dt_bias), -self.A_log.exp(), B, C, self.chunk)
        return self.out_proj(self.norm((y + self.D[:, None] * x).flatten(2), z))


class GatedNorm(nn.Module):
    """RMSNorm(y * SiLU(z)) over the last axis."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, y: Tensor, z: Tensor) -> Tensor:
        return functional.rms_norm(y * functional.silu(z), self.weight.shape, self.weight, _NORM_EPSILON)


def causal_convolution(u: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Depthwise over [B, L, D] with weight [D, 1, K]: as sums of shifted copies, which a CPU does faster."""
    taps = weight[:, 0].flip(-1).unbind(-1)
    total = u * taps[0] + bias
    for delay, tap in enumerate(taps[1:], start=1):
        if delay < u.shape[1]:
            total = total + functional.pad(u[:, :-delay] * tap, (0, 0, delay, 0))
    return total


def _drawn_steps(count: int) -> Tensor:
    """dt at the start, log-uniform."""
    low, high = math.log(_DT_LEAST), math.log(_DT_GREATEST)
    return torch.exp(low + (high - low) * torch.rand(count)).clamp(min=_DT_FLOOR)


def _inverse_softplus(value: Tensor) -> Tensor:
    return value + torch.log(-torch.expm1(-value))
