"""Mamba-2's norm after the scan."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional

_EPSILON = 1e-5   # as in mamba_ssm


class NormWeight(nn.Module):
    """A weight [width] that mamba_ssm calls norm.weight; it goes into the projection that follows."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))


def gated(y: Tensor, z: Tensor) -> Tensor:
    """y * SiLU(z) divided by its root mean square over the last axis, without the norm's weight."""
    return _Gated.apply(y, z)


class _Gated(torch.autograd.Function):
    """In half the passes over memory that autograd takes."""

    @staticmethod
    def forward(ctx: Any, y: Tensor, z: Tensor) -> Tensor:
        gated = functional.silu(z).mul_(y)
        length = torch.linalg.vector_norm(gated, dim=-1, keepdim=True)
        scale = length.square_().div_(y.shape[-1]).add_(_EPSILON).rsqrt_()
        ctx.save_for_backward(y, z, gated.mul_(scale), scale)
        return gated

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_normed: Tensor) -> tuple[Tensor, Tensor]:
        y, z, normed, scale = ctx.saved_tensors
        along = (d_normed * normed).mean(-1, keepdim=True)
        d_gated = torch.addcmul(d_normed, normed, along, value=-1).mul_(scale)
        d_z = torch.ops.aten.silu_backward(d_gated * y, z)
        return d_gated.mul_(functional.silu(z)), d_z
