"""The graph convolution in front of MDTF's scans over joints (Zheng et al. 2025, §3.3)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.lift.published.skeleton17 import COUNT, Skeleton17


def adjacency(skeleton: Skeleton17, backwards: bool = False) -> Tensor:
    """[17, 17] of the tree without self-loops, D^-1/2 A D^-1/2; `backwards` numbers the joints from the last one."""
    links = torch.zeros(COUNT, COUNT)
    for parent, child in skeleton.bones:
        links[parent, child] = links[child, parent] = 1.0
    scale = links.sum(-1).rsqrt()
    normalised = scale[:, None] * links * scale
    return normalised.flip(0, 1) if backwards else normalised


class GraphConvolution(nn.Module):
    """[N, 17, width] to the same: ReLU(x + BatchNorm(adjacency x V + x U)), the joints being the norm's channels."""

    def __init__(self, width: int, skeleton: Skeleton17, backwards: bool) -> None:
        super().__init__()
        self.U = nn.Linear(width, width)
        self.V = nn.Linear(width, width)
        self.batch_norm = nn.BatchNorm1d(COUNT)
        self.register_buffer("adjacency", adjacency(skeleton, backwards), persistent=False)
        for layer in (self.U, self.V):
            nn.init.normal_(layer.weight, std=(2 / width) ** 0.5)

    def forward(self, joints: Tensor) -> Tensor:
        return functional.relu(joints + self.batch_norm(self.adjacency @ self.V(joints) + self.U(joints)))
