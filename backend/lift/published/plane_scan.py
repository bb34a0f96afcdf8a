"""Selective scans over the whole plane of frames and joints, in four orders (PoseMamba: Huang et al. 2024, §3.3)."""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.lift.published.scan import scanned, starting_decays
from backend.lift.published.skeleton17 import Skeleton17
from backend.lift.state_space.starting_steps import starting_bias

STATE_SIZE = 16
ORDERS = 4
# The paper means a second order of the joints, along the limbs; the released code gathers by it, and adds.
PUBLISHED_GATHER = (0, 0, 1, 2, 3, 0, 4, 5, 6, 8, 11, 12, 13, 8, 14, 15, 16)

JointMixing = Literal["published", "parents"]


class PlaneScan(nn.Module):
    """[B, T, 17, width] to the same; parameters have the names and shapes of the published checkpoints."""

    def __init__(self, width: int, skeleton: Skeleton17, mixing: JointMixing) -> None:
        super().__init__()
        inner, rank = 2 * width, math.ceil(width / 16)
        self.skeleton, self.mixing = skeleton, mixing
        self.in_proj = nn.Linear(width, 2 * inner, bias=False)
        self.conv2d = nn.Conv2d(inner, inner, 3, padding=1, groups=inner)
        self.x_proj_weight = _uniform((ORDERS, rank + 2 * STATE_SIZE, inner), inner**-0.5)
        self.dt_projs_weight = _uniform((ORDERS, inner, rank), rank**-0.5)
        self.dt_projs_bias = nn.Parameter(starting_bias(ORDERS * inner).view(ORDERS, inner))
        self.A_logs = nn.Parameter(starting_decays(ORDERS * inner, STATE_SIZE))
        self.Ds = nn.Parameter(torch.ones(ORDERS * inner))
        self.out_norm = nn.LayerNorm(inner)
        self.out_proj = nn.Linear(inner, width, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        x, z = self.in_proj(tokens).chunk(2, -1)
        x = functional.silu(self.conv2d(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1))        # [B, T, J, D]
        sequences = in_four_orders(with_limbs(x, self.skeleton, self.mixing), x)
        plane = merged([self._scanned(sequence, order) for order, sequence in enumerate(sequences)], *x.shape[1:3])
        return self.out_proj(self.out_norm(plane) * functional.silu(z))

    def _scanned(self, sequence: Tensor, order: int) -> Tensor:
        """[B, L, D] to the same, with the parameters of one order."""
        A, skip = self.A_logs.unflatten(0, (ORDERS, -1))[order], self.Ds.unflatten(0, (ORDERS, -1))[order]
        return scanned(sequence, self.x_proj_weight[order], self.dt_projs_weight[order], self.dt_projs_bias[order],
                       A, skip)  # fmt: skip


def with_limbs(plane: Tensor, skeleton: Skeleton17, mixing: JointMixing) -> Tensor:
    """[B, T, 17, D] plus, at every joint, the features of another one.

    "published" is what the released weights were trained with: a list that mostly names unrelated joints, and no
    gradient through it, because the released backward pass leaves the gather out. "parents" adds the parent's
    features, the root's to itself, with the gradient.
    """
    if mixing == "published":
        return plane + plane[..., PUBLISHED_GATHER, :].detach()
    parents = [parent if parent >= 0 else joint for joint, parent in enumerate(skeleton.parents)]
    return plane + plane[..., parents, :]


def in_four_orders(by_frames: Tensor, by_joints: Tensor) -> list[Tensor]:
    """Planes [B, T, J, D] as sequences [B, T * J, D]: frame by frame, joint by joint, and both backwards."""
    forward = [by_frames.flatten(1, 2), by_joints.transpose(1, 2).flatten(1, 2)]
    return [*forward, *(sequence.flip(1) for sequence in forward)]


def merged(sequences: list[Tensor], frames: int, joints: int) -> Tensor:
    """The sum of the four sequences, each token back in its place [B, T, J, D]."""
    by_frames, by_joints = (sequences[order] + sequences[order + 2].flip(1) for order in (0, 1))
    return by_frames.unflatten(1, (frames, joints)) + by_joints.unflatten(1, (joints, frames)).transpose(1, 2)


def _uniform(shape: tuple[int, ...], bound: float) -> nn.Parameter:
    return nn.Parameter(torch.empty(shape).uniform_(-bound, bound))
