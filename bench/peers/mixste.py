"""MixSTE (Zhang et al. 2022), in size and arithmetic: attention over joints and over frames by turns."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from backend.lift.published.mlp import Mlp
from bench.peers.attention import Attention

WIDTH, PAIRS, HEADS = 512, 8, 8


class MixSte(nn.Module):
    """Keypoints [B, T, 17, 2 or more] to places [B, T, 17, 3], T being `frames`."""

    def __init__(self, frames: int = 243) -> None:
        super().__init__()
        self.enter = nn.Linear(2, WIDTH)
        self.joint_places = nn.Parameter(torch.zeros(17, WIDTH))
        self.moments = nn.Parameter(torch.zeros(frames, 1, WIDTH))
        self.over_joints = nn.ModuleList(AttentionBlock(WIDTH, HEADS, 2, True) for _ in range(PAIRS))
        self.over_frames = nn.ModuleList(AttentionBlock(WIDTH, HEADS, 2, True) for _ in range(PAIRS))
        self.joint_norm, self.frame_norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.head = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 3))

    def forward(self, keypoints: Tensor) -> Tensor:
        tokens = self.enter(keypoints[..., :2]) + self.joint_places
        for number, (joints, frames) in enumerate(zip(self.over_joints, self.over_frames, strict=True)):
            tokens = self.joint_norm(joints(tokens))
            tokens = tokens + self.moments if number == 0 else tokens
            tokens = self.frame_norm(frames(tokens.transpose(1, 2)).transpose(1, 2))
        return self.head(tokens)


class AttentionBlock(nn.Module):
    """[..., L, width] to the same."""

    def __init__(self, width: int, heads: int, growth: int, bias: bool) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention, self.mlp = Attention(width, heads, bias), Mlp(width, growth * width)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = tokens + self.attention(self.norm1(tokens))
        return tokens + self.mlp(self.norm2(tokens))
