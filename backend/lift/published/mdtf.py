"""MDTF (Zheng et al. 2025, "Mamba-Driven Topology Fusion for Monocular 3D Human Pose Estimation"), as a reference
configuration whose parameters fit the published checkpoints.

Evaluation only: the stochastic depth of its training is left out.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from backend.lift.published.both_ways_mamba import BothWaysMamba
from backend.lift.published.mlp import Mlp
from backend.lift.published.skeleton17 import COUNT, HUMAN36M, Skeleton17
from backend.lift.published.spherical import CLASSES, BonePlaces, bone_features

CHANNELS = 3                                            # x, y and the detector's confidence
SIZES = {"tiny": (64, 8), "large": (128, 12)}           # width, pairs of blocks
BONE_AWARE_WIDTHS = (64, 32, 16, 8)
_EPSILON = 1e-6


class Mdtf(nn.Module):
    """Keypoints [B, T, 17, 3] (x and y in -1..1 of the picture's width, confidence) to places [B, T, 17, 3].

    T is at most `frames`. Places count relative to the root. The bones' angles come as classes from a network that was
    trained before, so no gradient reaches it.
    """

    def __init__(self, width: int, pairs: int, frames: int = 243, skeleton: Skeleton17 = HUMAN36M,
                 bone_places: BonePlaces = "published") -> None:  # fmt: skip
        super().__init__()
        self.skeleton, self.bone_places = skeleton, bone_places
        self.bones = BoneAwareModule()
        self.lifter = MdtfLifter(width, pairs, frames, skeleton)

    def forward(self, keypoints: Tensor) -> Tensor:
        with torch.no_grad():
            classes = self.bones(keypoints).argmax(-1)
        return self.lifter(keypoints, bone_features(keypoints, classes, self.skeleton, self.bone_places))


class BoneAwareModule(nn.Module):
    """Keypoints [B, T, 17, 3] to the logits of every bone's polar angle [B, T, 17, 6], a bone at its child's joint."""

    def __init__(self) -> None:
        super().__init__()
        widths = BONE_AWARE_WIDTHS
        self.Spatial_patch_to_embedding = nn.Linear(CHANNELS, widths[0])
        self.STEblocks = nn.ModuleList(MambaBlock(width) for width in widths)
        self.TTEblocks = nn.ModuleList(MambaBlock(width) for width in widths)
        self.mlp = nn.ModuleList(nn.Linear(*ends) for ends in zip(widths, (*widths[1:], CLASSES), strict=True))
        self.Spatial_norm = nn.ModuleList(nn.LayerNorm(width, eps=_EPSILON) for width in widths)
        self.Temporal_norm = nn.ModuleList(nn.LayerNorm(width, eps=_EPSILON) for width in widths)

    def forward(self, keypoints: Tensor) -> Tensor:
        tokens = self.Spatial_patch_to_embedding(keypoints)
        levels = zip(self.STEblocks, self.Spatial_norm, self.TTEblocks, self.Temporal_norm, self.mlp, strict=True)
        for spatial, spatial_norm, temporal, temporal_norm, narrower in levels:
            tokens = spatial_norm(over_joints(spatial, tokens))
            tokens = narrower(temporal_norm(over_frames(temporal, tokens)))
        return tokens


class MdtfLifter(nn.Module):
    """Keypoints and features of bones, [B, T, 17, 3] each, to places [B, T, 17, 3]."""

    def __init__(self, width: int, pairs: int, frames: int, skeleton: Skeleton17) -> None:
        super().__init__()
        self.Spatial_patch_to_embedding1 = nn.Linear(CHANNELS, width)
        self.Spatial_patch_to_embedding2 = nn.Linear(3, width)
        self.Spatial_pos_embed = nn.Parameter(torch.zeros(1, COUNT, width))
        self.Temporal_pos_embed = nn.Parameter(torch.zeros(1, frames, width))
        self.STEblocks = nn.ModuleList(GraphMambaBlock(width, skeleton) for _ in range(pairs))
        self.TTEblocks = nn.ModuleList(MambaBlock(width) for _ in range(pairs))
        self.limbSpatialMamba, self.limbTemporalMamba = MambaBlock(width), MambaBlock(width)
        self.limbSpatialNorm, self.limbTemporalNorm = (nn.LayerNorm(width, eps=_EPSILON) for _ in range(2))
        self.fusion = nn.Linear(2 * width, 2)
        nn.init.zeros_(self.fusion.weight)
        nn.init.constant_(self.fusion.bias, 0.5)
        self.Spatial_norm, self.Temporal_norm = (nn.LayerNorm(width, eps=_EPSILON) for _ in range(2))
        self.head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 3))

    def forward(self, keypoints: Tensor, bones: Tensor) -> Tensor:
        tokens = self.Spatial_patch_to_embedding1(keypoints) + self.Spatial_pos_embed
        moments = self.Temporal_pos_embed[:, : keypoints.shape[1], None]
        for number, (spatial, temporal) in enumerate(zip(self.STEblocks, self.TTEblocks, strict=True)):
            tokens = self.Spatial_norm(over_joints(spatial, tokens))
            tokens = self.Temporal_norm(over_frames(temporal, tokens + moments if number == 0 else tokens))
            if number == 0:
                tokens = self._fused(tokens, self._of_bones(bones))
        return self.head(tokens)

    def _of_bones(self, bones: Tensor) -> Tensor:
        tokens = self.Spatial_patch_to_embedding2(bones)
        tokens = self.limbSpatialNorm(over_joints(self.limbSpatialMamba, tokens))
        return self.limbTemporalNorm(over_frames(self.limbTemporalMamba, tokens))

    def _fused(self, joints: Tensor, bones: Tensor) -> Tensor:
        shares = self.fusion(torch.cat([joints, bones], -1)).softmax(-1)
        return shares[..., :1] * joints + shares[..., 1:] * bones


class MambaBlock(nn.Module):
    """[N, L, width] to the same: a scan both ways, then an MLP, each beside a way past it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = (nn.LayerNorm(width, eps=_EPSILON) for _ in range(2))
        self.mamba = BothWaysMamba(width)
        self.mlp = Mlp(width, 2 * width)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = tokens + self.mamba(self.norm1(tokens))
        return tokens + self.mlp(self.norm2(tokens))


class GraphMambaBlock(nn.Module):
    """MambaBlock over the 17 joints, with graph convolutions; named as in the published checkpoints."""

    def __init__(self, width: int, skeleton: Skeleton17) -> None:
        super().__init__()
        self.mambanorm1, self.mambanorm2 = (nn.LayerNorm(width, eps=_EPSILON) for _ in range(2))
        self.gcnmamba = BothWaysMamba(width, skeleton)
        self.mlp = Mlp(width, 2 * width)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = tokens + self.gcnmamba(self.mambanorm1(tokens))
        return tokens + self.mlp(self.mambanorm2(tokens))


def over_joints(block: nn.Module, tokens: Tensor) -> Tensor:
    """A block of sequences on tokens [B, T, J, D], each frame's joints being one."""
    return block(tokens.flatten(0, 1)).unflatten(0, tokens.shape[:2])


def over_frames(block: nn.Module, tokens: Tensor) -> Tensor:
    """A block of sequences on tokens [B, T, J, D], each joint's frames being one."""
    joints_first = tokens.transpose(1, 2)
    return block(joints_first.flatten(0, 1)).unflatten(0, joints_first.shape[:2]).transpose(1, 2)
