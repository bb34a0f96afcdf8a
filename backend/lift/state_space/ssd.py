"""Mamba-2's selective scan as matrix products (Dao and Gu 2024, "Transformers are SSMs", §6): chunk by chunk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional


def ssd(x: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, chunk: int, D: Tensor | None = None) -> Tensor:
    """y [B, L, H, P] of h_t = exp(dt_t A) h_(t-1) + dt_t B_t x_t^T, y_t = C_t^T h_t + D x_t, for every head.

    x [B, L, H, P], dt [B, L, H] > 0, A [H] < 0, B and C [B, L, G, N] with H a multiple of G, D [H]. Work and memory
    grow with L, not with its square; `chunk` is the most steps that see each other by matrix products.
    """
    length = x.shape[1]
    count = -(-length // chunk)
    missing = -length % count
    if missing:
        x, dt, B, C = (functional.pad(v, (*(0, 0) * (v.ndim - 2), 0, missing)) for v in (x, dt, B, C))
    return _Ssd.apply(x, dt, A, B, C, torch.zeros_like(A) if D is None else D, count)[:, :length]


class _Ssd(torch.autograd.Function):
    """Backward by hand: half the time of autograd's, which keeps and adds up a large array for each product."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor, count: int
    ) -> Tensor:
        order = _Order(count, B.shape[2], x.shape[3])
        sums = order.chunks(dt * A).cumsum(2)                            # [B, K, Q, H]
        decays, products = _decays(sums), (order.groups(C) @ order.groups(B).mT).tril_()
        seen = order.weights(decays, products) @ order.heads(x, dt)
        y = torch.empty_like(x, memory_format=torch.contiguous_format)
        torch.addcmul(seen.transpose(2, 3), order.chunks(x), D[:, None], out=order.chunks(y))
        entering = None
        if count > 1:
            states = order.groups(B).mT @ order.rows(order.scaled(x, order.chunks(dt) * _until_end(sums)))
            entering = _carried(states, order.of_states(sums))
            order.chunks(y).addcmul_(order.unrows(order.groups(C) @ entering), sums.exp()[..., None])
        ctx.order = order
        ctx.save_for_backward(x, dt, A, B, C, D, sums, decays, products, entering)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        x, dt, A, B, C, D, sums, decays, products, entering = ctx.saved_tensors
        order, dy_heads = ctx.order, ctx.order.heads(dy)
        d_steps = order.joined(order.weights(decays, products).mT @ dy_heads)
        flow = (dy_heads @ order.heads(x, dt).mT).mul_(decays)
        d_products = order.over_heads(flow).tril_()
        d_B, d_C = d_products.mT @ order.groups(C), d_products @ order.groups(B)
        flow = order.weights(flow, products)      # how the loss hangs on each step's way to each later one
        d_sums = (flow.sum(-1) - flow.sum(-2)).transpose(2, 3)
        if entering is None:
            d_logs = _suffix_sums(d_sums)
        else:
            across = _across(order, x, dt, B, C, sums, entering, dy)
            d_B, d_C, d_steps = d_B.add_(across.to_b), d_C.add_(across.to_c), d_steps.add_(across.to_steps)
            d_logs = _suffix_sums(d_sums.add_(across.to_sums)).add_(across.to_logs)
        d_logs = d_logs.flatten(1, 2)
        d_dt = (x * d_steps).sum(-1).addcmul_(d_logs, A)
        d_x = torch.addcmul(d_steps.mul_(dt[..., None]), dy, D[:, None])
        d_A, d_D = (d_logs * dt).sum((0, 1)), (dy * x).sum((0, 1, 3))
        return d_x, d_dt, d_A, order.joined(d_B), order.joined(d_C), d_D, None


class _Across(NamedTuple):
    """Gradients through the chunks' states; to_sums and to_logs [B, K, Q, H] for the decays."""

    to_steps: Tensor
    to_b: Tensor
    to_c: Tensor
    to_sums: Tensor   # from a chunk's start up to a step
    to_logs: Tensor   # of steps that lie between an earlier one, or the start, and the end


def _across(
    order: _Order, x: Tensor, dt: Tensor, B: Tensor, C: Tensor, sums: Tensor, entering: Tensor, dy: Tensor
) -> _Across:
    since_start, until_end, whole = sums.exp(), _until_end(sums), order.of_states(sums)
    dy_entering = order.scaled(dy, since_start)
    d_sums = (dy_entering * order.unrows(order.groups(C) @ entering)).sum(-1)
    dy_entering = order.rows(dy_entering)
    leaving = _carried((order.groups(C).mT @ dy_entering).flip(1), whole.flip(1)).flip(1)
    d_ahead = order.unrows(order.groups(B) @ leaving) * until_end[..., None]
    ahead = order.scaled(x, order.chunks(dt))
    by_step = (ahead * d_ahead).sum(-1)
    d_whole = order.unrows((leaving * entering).sum(3, keepdim=True) * whole).sum(-1)
    d_B = order.rows(ahead.mul_(until_end[..., None])) @ leaving.mT
    return _Across(d_ahead.flatten(1, 2), d_B, dy_entering @ entering.mT, d_sums, by_step.cumsum(2) - by_step + d_whole)


def _suffix_sums(values: Tensor) -> Tensor:
    return values.flip(2).cumsum(2).flip(2)


@dataclass(frozen=True)
class _Order:
    """How K chunks of Q steps and G groups of R heads of width P lie in memory for the products; views if G is 1."""

    count: int
    group_count: int
    width: int

    def chunks(self, values: Tensor) -> Tensor:   # [B, L, ...] as [B, K, Q, ...]
        return values.unflatten(1, (self.count, -1))

    def groups(self, values: Tensor) -> Tensor:   # [B, L, G, N] as [B, K, G, Q, N]
        return self.chunks(values).transpose(2, 3)

    def heads(self, values: Tensor, factors: Tensor | None = None) -> Tensor:   # [B, L, H, P] as [B, K, H, Q, P]
        values = self.chunks(values).transpose(2, 3)
        if factors is None:
            return values.contiguous()
        ordered = torch.empty(values.shape, dtype=values.dtype, device=values.device)
        return torch.mul(values, self.chunks(factors).transpose(2, 3)[..., None], out=ordered)

    def joined(self, values: Tensor) -> Tensor:   # [B, K, H, Q, P] as [B, L, H, P]
        return values.transpose(2, 3).flatten(1, 2)

    def scaled(self, values: Tensor, factors: Tensor) -> Tensor:   # [B, L, H, P] by [B, K, Q, H]
        return self.chunks(values) * factors[..., None]

    def rows(self, values: Tensor) -> Tensor:   # [B, K, Q, H, P] as [B, K, G, Q, R P]
        return values.unflatten(3, (self.group_count, -1)).flatten(4).transpose(2, 3)

    def unrows(self, values: Tensor) -> Tensor:   # [B, K, G, Q, R P] as [B, K, Q, H, P]
        return values.transpose(2, 3).unflatten(-1, (-1, self.width)).flatten(3, 4)

    def of_states(self, sums: Tensor) -> Tensor:   # a chunk's whole decay, [B, K, G, 1, R P] of [B, K, Q, H]
        return sums[:, :, -1].exp().repeat_interleave(self.width, -1).unflatten(-1, (self.group_count, 1, -1))

    def weights(self, decays: Tensor, products: Tensor) -> Tensor:   # [B, K, H, Q, Q] by [B, K, G, Q, Q]
        return (decays.unflatten(2, (self.group_count, -1)) * products[:, :, :, None]).flatten(2, 3)

    def over_heads(self, values: Tensor) -> Tensor:   # [B, K, H, Q, Q] summed to [B, K, G, Q, Q]
        return values.unflatten(2, (self.group_count, -1)).sum(3)


def _decays(sums: Tensor) -> Tensor:
    """exp(s_i - s_j) [B, K, H, Q, Q] of sums [B, K, Q, H] where i >= j; above, 1 where it would overflow."""
    sums = sums.transpose(2, 3).contiguous()
    return (sums[..., :, None] - sums[..., None, :]).clamp_(max=0.0).exp_()


def _until_end(sums: Tensor) -> Tensor:
    """The decay from each step to the end of its chunk [B, K, Q, H]."""
    return torch.exp(sums[:, :, -1:] - sums)


def _carried(added: Tensor, decays: Tensor) -> Tensor:
    """What comes into each chunk of what each before it adds [B, K, ...], decaying by decays [B, K, ...] over it."""
    carried = [torch.zeros_like(added[:, 0])]
    for state, decay in zip(added.unbind(1)[:-1], decays.unbind(1)[:-1], strict=True):
        carried.append(torch.addcmul(state, decay, carried[-1]))
    return torch.stack(carried, 1)
