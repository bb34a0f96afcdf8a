"""The short causal convolution in front of both scans, with its SiLU."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional


def causal_convolution_silu(u: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """SiLU of the depthwise convolution of u [B, L, D] with weight [D, 1, K] and bias [D]; step t sees t-K+1 to t."""
    return _CausalConvolution.apply(u, weight, bias)


class _CausalConvolution(torch.autograd.Function):
    """Backward by hand: on a CPU, sums over shifted products are faster than a convolution's gradient of its weight."""

    @staticmethod
    def forward(ctx: Any, u: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        sums = _depthwise(functional.pad(u, (0, 0, weight.shape[-1] - 1, 0)), weight, bias)
        ctx.save_for_backward(u, weight, sums)
        return functional.silu(sums)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        u, weight, sums = ctx.saved_tensors
        d_sums = torch.ops.aten.silu_backward(dy, sums)
        d_u = _depthwise(functional.pad(d_sums, (0, 0, 0, weight.shape[-1] - 1)), weight.flip(-1), None)
        taps = [_delayed_product(d_sums, u, delay) for delay in reversed(range(weight.shape[-1]))]
        return d_u, torch.stack(taps, -1)[:, None], d_sums.sum((0, 1))


def _depthwise(u: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    # As a picture of one row whose channels come last in memory, [B, L, D] needs no copy.
    return functional.conv2d(u.mT[:, :, None], weight[:, :, None], bias, groups=len(weight))[:, :, 0].mT


def _delayed_product(later: Tensor, earlier: Tensor, delay: int) -> Tensor:
    """Sum [D] of later_t earlier_(t - delay) over batch and time."""
    count = later.shape[1] - delay
    if count <= 0:
        return later.new_zeros(later.shape[-1])
    return (later[:, delay:] * earlier[:, :count]).sum((0, 1))
