"""Mamba in both directions with one pair of projections; over joints with a graph convolution in front of each scan.

Vision Mamba's layer (Zhu et al. 2024, §3.3) as MDTF runs it: as wide inside as outside, the two directions averaged.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.lift.published.graph import GraphConvolution
from backend.lift.published.scan import scanned, starting_decays
from backend.lift.published.skeleton17 import Skeleton17
from backend.lift.state_space.causal_convolution import causal_convolution_silu
from backend.lift.state_space.starting_steps import starting_bias

STATE_SIZE = 16
CONV_WIDTH = 4


class BothWaysMamba(nn.Module):
    """[N, L, width] to the same; parameters have the names and shapes of the published checkpoints.

    With `graph`, L is its 17 joints. The released constructor leaves out the backward convolution that its forward
    pass calls; with it the parameters are as many as the paper says.
    """

    def __init__(self, width: int, graph: Skeleton17 | None = None) -> None:
        super().__init__()
        rank = math.ceil(width / 16)
        self.in_proj = nn.Linear(width, 2 * width, bias=False)
        self.A_log, self.A_b_log = (nn.Parameter(starting_decays(width, STATE_SIZE)) for _ in range(2))
        self.D, self.D_b = (nn.Parameter(torch.ones(width)) for _ in range(2))
        self.conv1d, self.conv1d_b = (nn.Conv1d(width, width, CONV_WIDTH, groups=width) for _ in range(2))
        self.x_proj, self.x_proj_b = (nn.Linear(width, rank + 2 * STATE_SIZE, bias=False) for _ in range(2))
        self.dt_proj, self.dt_proj_b = (_step_projection(rank, width) for _ in range(2))
        self.out_proj = nn.Linear(width, width, bias=False)
        self.has_graph = graph is not None
        if graph is not None:
            self.norm_gcn, self.norm_gcn_b = (nn.LayerNorm(width) for _ in range(2))
            self.gcn, self.gcn_b = (GraphConvolution(width, graph, backwards) for backwards in (False, True))

    def forward(self, tokens: Tensor) -> Tensor:
        x, z = self.in_proj(tokens).chunk(2, -1)
        x_back, z_back = x.flip(1), z.flip(1)
        if self.has_graph:
            x, x_back = self.gcn(self.norm_gcn(x)), self.gcn_b(self.norm_gcn_b(x_back))
        there = _one_way(x, z, self.conv1d, self.x_proj, self.dt_proj, self.A_log, self.D)
        back = _one_way(x_back, z_back, self.conv1d_b, self.x_proj_b, self.dt_proj_b, self.A_b_log, self.D_b)
        return self.out_proj((there + back.flip(1)) / 2)


def _one_way(x: Tensor, z: Tensor, conv: nn.Conv1d, x_proj: nn.Linear, dt_proj: nn.Linear, A_log: Tensor,
             skip: Tensor) -> Tensor:  # fmt: skip
    x = causal_convolution_silu(x, conv.weight, conv.bias)
    y = scanned(x, x_proj.weight, dt_proj.weight, dt_proj.bias, A_log, skip)
    return y * functional.silu(z)


def _step_projection(rank: int, width: int) -> nn.Linear:
    layer = nn.Linear(rank, width)
    nn.init.uniform_(layer.weight, -(rank**-0.5), rank**-0.5)
    layer.bias = nn.Parameter(starting_bias(width))
    return layer
