"""Mamba's selective scan, one decay for each channel and state (Gu and Dao 2023, §3), step by step."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


def selective_scan(u: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor | None = None) -> Tensor:
    """y [B, L, D] of h_t = exp(dt_t A) h_(t-1) + dt_t u_t B_t, y_t = C_t . h_t + D u_t, for every channel.

    u and dt > 0 [B, L, D], A < 0 [D, N], B and C [B, L, N], D [D]. Where no gradient is asked for, the states [B, D, N]
    of one step are all that is held besides.
    """
    y = _SelectiveScan.apply(u, dt, A, B, C) if torch.is_grad_enabled() else _scanned(u, dt, A, B, C, None)
    return y if D is None else torch.addcmul(y, u, D)


class _SelectiveScan(torch.autograd.Function):
    """Backward by the adjoint recurrence: autograd would keep three arrays of the size of the states for each step."""

    @staticmethod
    def forward(ctx: Any, u: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor) -> Tensor:
        states = u.new_empty(u.shape[1], len(u), *A.shape)
        ctx.save_for_backward(u, dt, A, B, C, states)
        return _scanned(u, dt, A, B, C, states)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, ...]:
        u, dt, A, B, C, states = ctx.saved_tensors
        d_added, d_dt, d_B, d_C = (torch.empty_like(_time_first(values)) for values in (u, dt, B, C))
        by_step = [_time_first(values) for values in (dy, dt * u, dt, B, C)]
        d_A, d_state = torch.zeros_like(states[0]), torch.zeros_like(states[0])
        for t in reversed(range(len(states))):
            dy_t, added, dt_t, B_t, C_t = (values[t] for values in by_step)
            d_state.addcmul_(dy_t[..., None], C_t[:, None])
            d_C[t] = (dy_t[:, None] @ states[t])[:, 0]
            d_B[t] = (added[:, None] @ d_state)[:, 0]
            d_added[t] = (d_state @ B_t[..., None])[..., 0]
            d_state.mul_(torch.exp(dt_t[..., None] * A))
            if t > 0:
                d_log = d_state * states[t - 1]                          # of dt_t A
                d_A.addcmul_(d_log, dt_t[..., None])
                d_dt[t] = torch.linalg.vecdot(d_log, A)
        d_dt[0] = 0.0
        d_added, d_dt, d_B, d_C = (values.transpose(0, 1) for values in (d_added, d_dt, d_B, d_C))
        return d_added * dt, torch.addcmul(d_dt, d_added, u), d_A.sum(0), d_B, d_C


def _scanned(u: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, states: Tensor | None) -> Tensor:
    """y [B, L, D]; every step's state goes into `states` [L, B, D, N]."""
    state, y = u.new_zeros(len(u), *A.shape), torch.empty_like(_time_first(u))
    for t, (added, dt_t, B_t, C_t) in enumerate(zip(*map(_time_first, (dt * u, dt, B, C)), strict=True)):
        decay = torch.exp(dt_t[..., None] * A)
        state = torch.mul(state, decay, out=decay if states is None else states[t])
        state.addcmul_(added[..., None], B_t[:, None])
        y[t] = (state @ C_t[..., None])[..., 0]
    return y.transpose(0, 1)


def _time_first(values: Tensor) -> Tensor:
    return values.transpose(0, 1).contiguous()
