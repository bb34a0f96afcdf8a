"""Mamba's selective scan with its projections, as all published lifters here run it (Gu and Dao 2023, §3)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from backend.lift.state_space.kernels import scanned_by_channels


def scanned(x: Tensor, x_weight: Tensor, dt_weight: Tensor, dt_bias: Tensor, A_log: Tensor, skip: Tensor) -> Tensor:
    """[B, L, D] to the same: step, B and C from each token, the recurrence along L, and `skip` [D] times the token.

    x_weight [R + 2N, D] gives the low-rank step and B and C; dt_weight [D, R], dt_bias [D]; A_log [D, N].
    """
    rank, states = dt_weight.shape[1], A_log.shape[1]
    step, B, C = functional.linear(x, x_weight).split([rank, states, states], -1)
    dt = functional.linear(step, dt_weight)
    return scanned_by_channels(x, dt, -A_log.exp(), B, C, skip, dt_bias)


def starting_decays(channels: int, states: int) -> Tensor:
    """A_log [channels, states] at the start: log(1 .. states) in every channel."""
    return torch.arange(1.0, states + 1).log().repeat(channels, 1)
