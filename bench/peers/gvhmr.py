"""GVHMR's network (Shen et al. 2024), in size and arithmetic: a transformer over frames with rotary positions."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH, BLOCKS, HEADS = 512, 12, 8
JOINTS, JOINT_WIDTH = 17, 32
NEAR_FRAMES = 120                 # of a long clip, each frame sees so many about it
MOTION, CAMERA, STILL = 151, 3, 6
BOX, TURN, IMAGE = 3, 6, 1024
_EPSILON, _ROTARY_BASE = 1e-6, 10_000.0
_VISIBLE = 0.5


class Gvhmr(nn.Module):
    """Keypoints [B, T, 17, 3], box [B, T, 3], the camera's turn [B, T, 6] and features of pictures [B, T, 1024] to
    motion [B, T, 151], camera [B, T, 3] and still logits [B, T, 6]."""

    def __init__(self) -> None:
        super().__init__()
        self.of_point = nn.Linear(2, JOINT_WIDTH)
        self.unseen = nn.Parameter(torch.randn(JOINTS, JOINT_WIDTH))
        self.of_points = _mlp(JOINTS * JOINT_WIDTH, 2 * WIDTH, WIDTH)
        self.of_box, self.of_turn = (nn.Sequential(nn.Linear(size, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH))
                                     for size in (BOX, TURN))  # fmt: skip
        self.of_image = nn.Sequential(nn.LayerNorm(IMAGE), nn.Linear(IMAGE, WIDTH))
        self.blocks = nn.ModuleList(RotaryBlock() for _ in range(BLOCKS))
        self.heads = nn.ModuleList(_mlp(WIDTH, WIDTH, size) for size in (MOTION, CAMERA, STILL))

    def forward(self, keypoints: Tensor, box: Tensor, turn: Tensor, image: Tensor) -> list[Tensor]:
        seen = keypoints[..., 2:] > _VISIBLE
        points = torch.where(seen, self.of_point(keypoints[..., :2]), self.unseen)
        tokens = self.of_points(points.flatten(2)) + self.of_box(box) + self.of_turn(turn) + self.of_image(image)
        near, angles = near_frames(tokens.shape[1]), rotary_angles(tokens.shape[1]).to(tokens)
        for block in self.blocks:
            tokens = block(tokens, None if near is None else near.to(tokens.device), angles)
        return [head(tokens) for head in self.heads]


class RotaryBlock(nn.Module):
    """[B, T, WIDTH] to the same; gates start at zero."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = (nn.LayerNorm(WIDTH, eps=_EPSILON) for _ in range(2))
        self.query, self.key, self.value, self.proj = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.mlp = _mlp(WIDTH, 4 * WIDTH, WIDTH, "tanh")
        self.attention_gate, self.mlp_gate = (nn.Parameter(torch.zeros(WIDTH)) for _ in range(2))

    def forward(self, tokens: Tensor, near: Tensor | None, angles: Tensor) -> Tensor:
        inside = self.norm1(tokens)
        q, k, v = (layer(inside).unflatten(-1, (HEADS, -1)).transpose(1, 2)
                   for layer in (self.query, self.key, self.value))  # fmt: skip
        seen = functional.scaled_dot_product_attention(turned(q, angles), turned(k, angles), v, attn_mask=near)
        tokens = tokens + self.attention_gate * self.proj(seen.transpose(1, 2).flatten(2))
        return tokens + self.mlp_gate * self.mlp(self.norm2(tokens))


def near_frames(count: int) -> Tensor | None:
    """[T, T], whether frame i sees frame j: 120 about it, shifted inwards at the ends; None where it sees all."""
    if count <= NEAR_FRAMES:
        return None
    first = (torch.arange(count) - NEAR_FRAMES // 2).clamp(0, count - NEAR_FRAMES)[:, None]
    frames = torch.arange(count)
    return (frames >= first) & (frames < first + NEAR_FRAMES)


def rotary_angles(count: int) -> Tensor:
    """[T, 32] of every frame and pair of channels."""
    pairs = torch.arange(0, WIDTH // HEADS, 2)
    return torch.arange(count)[:, None] * _ROTARY_BASE ** (-pairs / (WIDTH // HEADS))


def turned(values: Tensor, angles: Tensor) -> Tensor:
    """Neighbouring channels of [B, H, T, 64] turned by [T, 32] (Su et al. 2021)."""
    x, y = values.unflatten(-1, (-1, 2)).unbind(-1)
    cos, sin = angles.cos(), angles.sin()
    return torch.stack([x * cos - y * sin, x * sin + y * cos], -1).flatten(-2)


def _mlp(width: int, inner: int, out: int, approximate: str = "none") -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, inner), nn.GELU(approximate), nn.Linear(inner, out))
