"""The Mamba layer; parameters have the names and shapes of mamba_ssm.Mamba."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from backend.lift.state_space.causal_convolution import causal_convolution_silu
from backend.lift.state_space.kernels import scanned_by_channels
from backend.lift.state_space.starting_steps import starting_bias


class Mamba(nn.Module):
    """[B, L, width] to the same, causally (Gu and Dao 2023, §3.4); `dt_rank` None is a sixteenth of the width."""

    def __init__(self, width: int, state_size: int = 16, conv_width: int = 4, expand: int = 2,
                 dt_rank: int | None = None) -> None:  # fmt: skip
        super().__init__()
        inner, rank = expand * width, math.ceil(width / 16) if dt_rank is None else dt_rank
        self.in_proj = nn.Linear(width, 2 * inner, bias=False)
        self.conv1d = nn.Conv1d(inner, inner, conv_width, groups=inner, padding=conv_width - 1)
        self.x_proj = nn.Linear(inner, rank + 2 * state_size, bias=False)
        self.dt_proj = nn.Linear(rank, inner)
        nn.init.uniform_(self.dt_proj.weight, -(rank**-0.5), rank**-0.5)
        self.dt_proj.bias = nn.Parameter(starting_bias(inner))
        self.A_log = nn.Parameter(torch.arange(1.0, state_size + 1).log().repeat(inner, 1))
        self.D = nn.Parameter(torch.ones(inner))
        self.out_proj = nn.Linear(inner, width, bias=False)

    def forward(self, u: Tensor) -> Tensor:
        x, z = self.in_proj(u).chunk(2, -1)
        x = causal_convolution_silu(x, self.conv1d.weight, self.conv1d.bias)
        rank, states = self.dt_proj.in_features, self.A_log.shape[1]
        dt, B, C = self.x_proj(x).split([rank, states, states], -1)
        dt = dt @ self.dt_proj.weight.T     # its bias is the scan's
        with torch.autocast(u.device.type, enabled=False):   # decays need all digits of their steps
            x, dt, B, C, z = (values.to(self.A_log.dtype) for values in (x, dt, B, C, z))
            y = scanned_by_channels(x, dt, -self.A_log.exp(), B, C, self.D, self.dt_proj.bias, z)
        return self.out_proj(y)
