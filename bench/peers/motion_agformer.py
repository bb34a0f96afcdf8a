"""MotionAGFormer-B (Mehraban et al. 2024), in size and arithmetic: attention beside graph convolutions."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.lift.published.graph import adjacency
from backend.lift.published.mlp import Mlp
from backend.lift.published.skeleton17 import HUMAN36M
from bench.peers.attention import Attention

WIDTH, LAYERS, HEADS, GROWTH = 128, 16, 8, 4
REPRESENTATION = 512
NEIGHBOURS = 2           # frames that are most alike
_LAYER_SCALE = 1e-5


class MotionAgFormer(nn.Module):
    """Keypoints [B, T, 17, 3] to places [B, T, 17, 3], T being `frames`."""

    def __init__(self, frames: int = 243) -> None:
        super().__init__()
        self.enter = nn.Linear(3, WIDTH)
        self.joint_places = nn.Parameter(torch.zeros(17, WIDTH))
        self.layers = nn.ModuleList(TwoBranches(frames) for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.representation = nn.Linear(WIDTH, REPRESENTATION)
        self.head = nn.Linear(REPRESENTATION, 3)

    def forward(self, keypoints: Tensor) -> Tensor:
        tokens = self.enter(keypoints) + self.joint_places
        for layer in self.layers:
            tokens = layer(tokens)
        return self.head(torch.tanh(self.representation(self.norm(tokens))))


class TwoBranches(nn.Module):
    """[B, T, 17, WIDTH] to the same: attention and graphs, each over joints and then frames, mixed by a gate."""

    def __init__(self, frames: int) -> None:
        super().__init__()
        self.attention = nn.ModuleList(Mixed(Attention(WIDTH, HEADS, False)) for _ in range(2))
        self.graph = nn.ModuleList((Mixed(JointGraph()), Mixed(FrameGraph(frames))))
        self.gate = nn.Linear(2 * WIDTH, 2)

    def forward(self, tokens: Tensor) -> Tensor:
        branches = []
        for over_joints, over_frames in (self.attention, self.graph):
            branch = over_joints(tokens)
            branches.append(over_frames(branch.transpose(1, 2)).transpose(1, 2))
        shares = self.gate(torch.cat(branches, -1)).softmax(-1)
        return shares[..., :1] * branches[0] + shares[..., 1:] * branches[1]


class Mixed(nn.Module):
    """[B, K, L, WIDTH] to the same: a mixer of L tokens, then an MLP, both scaled by channel."""

    def __init__(self, mixer: nn.Module) -> None:
        super().__init__()
        self.mixer, self.mlp = mixer, Mlp(WIDTH, GROWTH * WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.scale1, self.scale2 = (nn.Parameter(torch.full((WIDTH,), _LAYER_SCALE)) for _ in range(2))

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = tokens + self.scale1 * self.mixer(self.norm1(tokens))
        return tokens + self.scale2 * self.mlp(self.norm2(tokens))


class Graph(nn.Module):
    """ReLU(x + BatchNorm(A x V + x U)) over `nodes` tokens, A being normalised by the degrees of its rows."""

    def __init__(self, nodes: int) -> None:
        super().__init__()
        self.U, self.V = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.batch_norm = nn.BatchNorm1d(nodes)

    def convolved(self, tokens: Tensor, links: Tensor) -> Tensor:
        mixed = links @ self.V(tokens) + self.U(tokens)
        return functional.relu(tokens + self.batch_norm(mixed.flatten(0, 1)).view_as(mixed))


class JointGraph(Graph):
    """Over [B, T, 17, WIDTH], along the bones."""

    def __init__(self) -> None:
        super().__init__(17)
        self.register_buffer("links", adjacency(HUMAN36M), persistent=False)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.convolved(tokens, self.links)


class FrameGraph(Graph):
    """Over [B, 17, T, WIDTH], every frame with those that are most like it."""

    def forward(self, tokens: Tensor) -> Tensor:
        likeness = tokens @ tokens.mT
        least = likeness.topk(NEIGHBOURS, dim=-1).values[..., -1:]
        links = (likeness >= least).float()
        scale = links.sum(-1, keepdim=True).rsqrt()
        return self.convolved(tokens, scale * links * scale.mT)
