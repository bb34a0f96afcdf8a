"""The Mamba-2 layer; parameters have the names and shapes of mamba_ssm.Mamba2."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.lift.state_space.causal_convolution import causal_convolution_silu
from backend.lift.state_space.gated_norm import NormWeight, gated
from backend.lift.state_space.kernels import scanned_by_heads
from backend.lift.state_space.starting_steps import starting_bias

_DECAY_RANGE = (1.0, 16.0)
# A larger batch goes through a CPU in parts whose arrays fit its caches: a quarter faster in training.
_CPU_VALUES = 1 << 18


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
        self.dt_bias = nn.Parameter(starting_bias(heads))
        self.A_log = nn.Parameter(torch.empty(heads).uniform_(*_DECAY_RANGE).log())
        self.D = nn.Parameter(torch.ones(heads))
        self.norm = NormWeight(inner)
        self.out_proj = nn.Linear(inner, width, bias=False)

    def forward(self, u: Tensor) -> Tensor:
        values = u.shape[1] * self.out_proj.in_features
        if u.is_cuda or len(u) * values <= _CPU_VALUES:
            return self._mixed(u)
        return torch.cat([self._mixed(part) for part in u.split(max(1, _CPU_VALUES // values))])

    def _mixed(self, u: Tensor) -> Tensor:
        projected = self.in_proj(u)
        with torch.autocast(u.device.type, enabled=False):   # decays need all digits of their sums
            normed = self._scanned(projected.to(self.A_log.dtype))
        return functional.linear(normed, self.out_proj.weight * self.norm.weight)

    def _scanned(self, projected: Tensor) -> Tensor:
        """From the projection [B, L, z x B C dt] to the gated norm [B, L, inner], before the norm's weight."""
        inner, states = self.out_proj.in_features, self.groups * self.state_size
        z, mixed, dt = projected.split([inner, inner + 2 * states, len(self.dt_bias)], -1)
        mixed = causal_convolution_silu(mixed, self.conv1d.weight, self.conv1d.bias)
        x, B, C = mixed.split([inner, states, states], -1)
        x, B, C = x.unflatten(-1, (-1, self.head_width)), *(v.unflatten(-1, (self.groups, -1)) for v in (B, C))
        y = scanned_by_heads(x, dt, -self.A_log.exp(), B, C, self.D, self.dt_bias, self.chunk)
        y, z = (values.unflatten(-1, (self.groups, -1)) for values in (y.flatten(2), z))   # each group has its norm
        return gated(y, z).flatten(2)
