"""Mamba-2's selective scan as matrix products (Dao and Gu 2024, "Transformers are SSMs", §6): chunk by chunk."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def ssd(x: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, chunk: int) -> Tensor:
    """y [B, L, H, P] of h_t = exp(dt_t A) h_(t-1) + dt_t B_t x_t^T, y_t = C_t^T h_t, for every head.

    x [B, L, H, P], dt [B, L, H] > 0, A [H] < 0, B and C [B, L, G, N] with H a multiple of G. Work and memory grow
    with L, not with its square.
    """
    length = x.shape[1]
    chunk = min(chunk, length)
    x, dt, B, C = (_chunked(values, chunk) for values in (x * dt[..., None], dt, B, C))
    heads_per_group = x.shape[2] // B.shape[2]
    B, C = (values.repeat_interleave(heads_per_group, 2) if values.shape[2] > 1 else values for values in (B, C))
    sums = torch.cumsum(dt * A[:, None, None], -1)                       # [B, K, H, 1, Q]
    y = (_decays(sums) * (C @ B.mT)) @ x
    if x.shape[1] > 1:
        last = sums[..., -1:]
        states = (B * torch.exp(last - sums).mT).mT @ x                  # [B, K, H, N, P]
        y = y + torch.exp(sums).mT * (C @ _carried(states, torch.exp(last)))
    return y.transpose(2, 3).flatten(1, 2)[:, :length]


def _chunked(values: Tensor, chunk: int) -> Tensor:
    """[B, L, H, ...] as [B, K, H, Q, ...], of numbers [B, L, H] as [B, K, H, 1, Q]; the last chunk ends in zeros."""
    missing = -values.shape[1] % chunk
    if missing:
        values = functional.pad(values, (*(0, 0) * (values.ndim - 2), 0, missing))
    values = values.unflatten(1, (-1, chunk)).transpose(2, 3)
    return values if values.ndim == 5 else values[..., None, :]


def _decays(sums: Tensor) -> Tensor:
    """exp(s_i - s_j) where i >= j, else 0: [B, K, H, Q, Q] of sums [B, K, H, 1, Q]."""
    count = sums.shape[-1]
    later = torch.ones(count, count, dtype=torch.bool, device=sums.device).triu(1)
    return torch.exp((sums.mT - sums).masked_fill(later, -torch.inf))


def _carried(states: Tensor, decays: Tensor) -> Tensor:
    """What comes into each chunk [B, K, H, N, P] of what each adds, decaying by decays [B, K, H, 1, 1] over it."""
    carried = [torch.zeros_like(states[:, 0])]
    for state, decay in zip(states.unbind(1)[:-1], decays.unbind(1)[:-1], strict=True):
        carried.append(decay * carried[-1] + state)
    return torch.stack(carried, 1)
