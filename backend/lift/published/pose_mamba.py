"""PoseMamba (Huang et al. 2024, "PoseMamba: Monocular 3D Human Pose Estimation with Bidirectional Global-Local
Spatio-Temporal State Space Model"), as a reference configuration whose parameters fit the published checkpoints.

Evaluation only: the stochastic depth of its training is left out. The paper's "spatial" and "temporal" blocks are the
same in the released code: both scan the whole plane.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from backend.lift.published.mlp import Mlp
from backend.lift.published.plane_scan import JointMixing, PlaneScan
from backend.lift.published.skeleton17 import COUNT, HUMAN36M, Skeleton17

CHANNELS = 2                                                   # x and y; the detector's confidence is not used
SIZES = {"s": (64, 10), "b": (128, 10), "l": (128, 20)}        # width, pairs of blocks
_EPSILON = 1e-6


class PoseMamba(nn.Module):
    """Keypoints [B, T, 17, 2 or more] in -1..1 of the picture's width to places [B, T, 17, 3] in the same unit.

    T is at most `frames`. Places count relative to the root.
    """

    def __init__(self, width: int, pairs: int, frames: int = 243, skeleton: Skeleton17 = HUMAN36M,
                 mixing: JointMixing = "published") -> None:  # fmt: skip
        super().__init__()
        self.Spatial_patch_to_embedding = nn.Linear(CHANNELS, width)
        self.Spatial_pos_embed = nn.Parameter(torch.zeros(1, COUNT, width))
        self.Temporal_pos_embed = nn.Parameter(torch.zeros(1, frames, width))
        self.STEblocks = nn.ModuleList(PlaneBlock(width, skeleton, mixing) for _ in range(pairs))
        self.TTEblocks = nn.ModuleList(PlaneBlock(width, skeleton, mixing) for _ in range(pairs))
        self.Spatial_norm = nn.LayerNorm(width, eps=_EPSILON)
        self.Temporal_norm = nn.LayerNorm(width, eps=_EPSILON)
        self.head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 3))

    def forward(self, keypoints: Tensor) -> Tensor:
        tokens = self.Spatial_patch_to_embedding(keypoints[..., :CHANNELS]) + self.Spatial_pos_embed
        moments = self.Temporal_pos_embed[:, : keypoints.shape[1], None]
        for number, (spatial, temporal) in enumerate(zip(self.STEblocks, self.TTEblocks, strict=True)):
            tokens = self.Spatial_norm(spatial(tokens))
            tokens = self.Temporal_norm(temporal(tokens + moments if number == 0 else tokens))
        return self.head(tokens)


class PlaneBlock(nn.Module):
    """[B, T, 17, width] to the same: scans, then an MLP, each beside a way past it."""

    def __init__(self, width: int, skeleton: Skeleton17, mixing: JointMixing) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=_EPSILON)
        self.op = PlaneScan(width, skeleton, mixing)
        self.norm2 = nn.LayerNorm(width, eps=_EPSILON)
        self.mlp = Mlp(width, 2 * width)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = tokens + self.op(self.norm(tokens))
        return tokens + self.mlp(self.norm2(tokens))
