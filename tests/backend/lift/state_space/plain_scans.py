"""Both scans as their definitions say, one step after the other: the truth that every faster form is held to."""

from __future__ import annotations

import torch
from torch import Tensor


def plain_ssd(x: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor) -> Tensor:
    """h_t = exp(dt_t A) h_(t-1) + dt_t B_t x_t^T and y_t = C_t^T h_t + D x_t; shapes as in ssd.py."""
    B, C = (values.repeat_interleave(x.shape[2] // B.shape[2], 2) for values in (B, C))
    state, ys = torch.zeros(len(x), x.shape[2], B.shape[3], x.shape[3], dtype=x.dtype), []
    for x_t, dt_t, B_t, C_t in zip(*(values.unbind(1) for values in (x, dt, B, C)), strict=True):
        state = torch.exp(dt_t * A)[..., None, None] * state + torch.einsum("bh,bhn,bhp->bhnp", dt_t, B_t, x_t)
        ys.append(torch.einsum("bhn,bhnp->bhp", C_t, state) + D[:, None] * x_t)
    return torch.stack(ys, 1)


def plain_selective_scan(u: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor) -> Tensor:
    """h_t = exp(dt_t A) h_(t-1) + dt_t u_t B_t and y_t = C_t . h_t + D u_t; shapes as in selective_scan.py."""
    state, ys = torch.zeros(len(u), *A.shape, dtype=u.dtype), []
    for u_t, dt_t, B_t, C_t in zip(*(values.unbind(1) for values in (u, dt, B, C)), strict=True):
        state = torch.exp(dt_t[..., None] * A) * state + torch.einsum("bd,bn->bdn", dt_t * u_t, B_t)
        ys.append(torch.einsum("bn,bdn->bd", C_t, state) + D * u_t)
    return torch.stack(ys, 1)


def with_gradients(form, inputs: list[Tensor], dtype: torch.dtype = torch.float64) -> list[Tensor]:
    """What `form` makes of the inputs and a fixed random loss's gradient of each, computed in `dtype`."""
    leaves = [values.detach().to(dtype).requires_grad_() for values in inputs]
    y = form(*leaves)
    weights = torch.randn(y.shape, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
    return [y.detach(), *torch.autograd.grad(y, leaves, weights.to(dtype))]


def worst_error(found: list[Tensor], truth: list[Tensor]) -> float:
    """The largest difference of any array, relative to the largest value of that array."""
    return max(float((a - b).abs().max() / b.abs().max()) for a, b in zip(found, truth, strict=True))
