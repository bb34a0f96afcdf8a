"""Mamba's selective scan with its projections, as all published lifters here run it (Gu and Dao 2023, §3)."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

_STEP_LEAST, _STEP_GREATEST, _STEP_FLOOR = 1e-3, 0.1, 1e-4


def scanned(x: Tensor, x_weight: Tensor, dt_weight: Tensor, dt_bias: Tensor, A_log: Tensor, skip: Tensor) -> Tensor:
    """[B, L, D] to the same: step, B and C from each token, the recurrence along L, and `skip` [D] times the token.

    x_weight [R + 2N, D] gives the low-rank step and B and C; dt_weight [D, R], dt_bias [D]; A_log [D, N].
    """
    rank, states = dt_weight.shape[1], A_log.shape[1]
    step, B, C = functional.linear(x, x_weight).split([rank, states, states], -1)
    dt = functional.softplus(functional.linear(step, dt_weight, dt_bias))
    return _recurrence(x, dt, -A_log.exp(), B, C) + skip * x


def _recurrence(x: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor) -> Tensor:
    state = x.new_zeros(x.shape[0], *A.shape)
    outputs = []
    for x_t, dt_t, B_t, C_t in zip(x.unbind(1), dt.unbind(1), B.unbind(1), C.unbind(1), strict=True):
        state = torch.exp(dt_t[..., None] * A) * state + (dt_t * x_t)[..., None] * B_t[:, None]
        outputs.append((state @ C_t[..., None])[..., 0])
    return torch.stack(outputs, 1)


def drawn_step_bias(count: int) -> Tensor:
    """[count] whose softplus is a step drawn log-uniformly, as mamba_ssm starts."""
    low, high = math.log(_STEP_LEAST), math.log(_STEP_GREATEST)
    step = torch.exp(low + (high - low) * torch.rand(count)).clamp(min=_STEP_FLOOR)
    return step + torch.log(-torch.expm1(-step))


def started_decays(channels: int, states: int) -> Tensor:
    """A_log [channels, states] at the start: log(1 .. states) in every channel."""
    return torch.arange(1.0, states + 1).log().repeat(channels, 1)
