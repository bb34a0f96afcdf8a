"""FMPose3D's network and flow in the published form: one frame, places of joints, from the published formulas.

What the product's own flow is held against. Drawn are places [B, 17, 3] m in the camera's axes about the root; joint 0
is trained as the root itself and is nothing in evaluation.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.lift.published.mlp import Mlp
from backend.lift.published.skeleton17 import COUNT, HUMAN36M

WIDTH, BLOCKS, HEADS, PARTITIONS, FREQUENCIES, TIME_WIDTH = 512, 5, 8, 4, 16, 32
ATTENTION_DROPOUT, PROJECTION_DROPOUT, MLP_DROPOUT, MOST_DROPPED = 0.2, 0.25, 0.1, 0.2
STEPS = 3
_CENTRE = HUMAN36M.joints.index("spine")


class Fmpose3d(nn.Module):
    """Keypoints [B, 17, 2] (x / width in -1..1), places [B, 17, 3] on the way and t [B] 0..1 to velocities."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("frequencies", torch.randn(FREQUENCIES))
        self.time = Mlp(2 * FREQUENCIES, 64, TIME_WIDTH)
        self.enter = Mlp(2 + 3 + TIME_WIDTH, 256, WIDTH)
        self.blocks = nn.ModuleList(Block(MOST_DROPPED * number / (BLOCKS - 1)) for number in range(BLOCKS))
        self.leave = nn.Sequential(nn.LayerNorm(WIDTH), Mlp(WIDTH, 256, 3))

    def forward(self, keypoints: Tensor, places: Tensor, t: Tensor) -> Tensor:
        phases = 2 * torch.pi * t[:, None] * self.frequencies                               # [B, 16]
        moment = self.time(torch.cat([phases.sin(), phases.cos()], -1))[:, None].expand(-1, COUNT, -1)
        tokens = self.enter(torch.cat([keypoints, places, moment], -1))                     # [B, 17, 512]
        for block in self.blocks:
            tokens = block(tokens)
        return self.leave(tokens)                                                           # [B, 17, 3]


class Block(nn.Module):
    """Graph beside attention, added, then two layers over each joint; training leaves out `dropped` of its paths."""

    def __init__(self, dropped: float) -> None:
        super().__init__()
        self.dropped = dropped
        self.graph, self.attention = Graph(), Attention()
        self.norm, self.mlp = nn.LayerNorm(WIDTH), Mlp(WIDTH, 2 * WIDTH)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = tokens + self._kept(self.graph(tokens) + self.attention(tokens))
        inside = functional.dropout(self.mlp(self.norm(tokens)), MLP_DROPOUT, self.training)
        return tokens + self._kept(inside)

    def _kept(self, path: Tensor) -> Tensor:
        """Stochastic depth (Huang et al. 2016)."""
        if not self.training:
            return path
        kept = torch.rand(len(path), 1, 1, device=path.device) >= self.dropped
        return path * kept / (1.0 - self.dropped)


class Graph(nn.Module):
    """Each joint hears each kind of neighbour by weights of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(COUNT)                     # over the joints, as published
        self.spread = nn.Linear(WIDTH, PARTITIONS * WIDTH)
        self.register_buffer("adjacency", adjacency())

    def forward(self, tokens: Tensor) -> Tensor:
        said = self.spread(self.norm(tokens.mT).mT).unflatten(-1, (PARTITIONS, WIDTH))      # [B, 17, 4, 512]
        return torch.einsum("bvkc,kvw->bwc", said, self.adjacency)


class Attention(nn.Module):
    """Every joint looks at all joints."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, tokens: Tensor) -> Tensor:
        q, k, v = self.qkv(self.norm(tokens)).unflatten(-1, (3, HEADS, -1)).transpose(1, 3).unbind(2)
        dropped = ATTENTION_DROPOUT if self.training else 0.0
        seen = functional.scaled_dot_product_attention(q, k, v, dropout_p=dropped).transpose(1, 2).flatten(-2)
        return functional.dropout(self.proj(seen), PROJECTION_DROPOUT, self.training)


def adjacency() -> Tensor:
    """[4, 17, 17] A D^-1 of bones, pairs of sides and loops, by what v is to w: itself, nearer to the spine, farther,
    on the other side.
    """
    pairs = [(joint, other) for joint, other in enumerate(HUMAN36M.mirrored) if joint != other]
    links = torch.eye(COUNT)
    for v, w in (*HUMAN36M.bones, *pairs):
        links[v, w] = links[w, v] = 1.0
    links /= links.sum(0)
    far = _hops(links > 0)
    kinds = torch.sign(far[:, None] - far[None])            # [v, w]: -1 nearer, 1 farther
    loops = torch.eye(COUNT, dtype=torch.bool)
    return torch.stack([links * part for part in (loops, kinds < 0, kinds > 0, (kinds == 0) & ~loops)])


def _hops(linked: Tensor) -> Tensor:
    """[17] steps over links from the spine."""
    reached = torch.arange(COUNT) == _CENTRE
    far = torch.where(reached, 0, COUNT)
    for step in range(1, COUNT):
        reached = linked[reached].any(0)
        far = torch.where(reached, far.clamp(max=step), far)
    return far


def flow_loss(network: nn.Module, keypoints: Tensor, places: Tensor, generator: torch.Generator) -> Tensor:
    """Conditional flow matching on straight paths (Lipman et al. 2023) from noise to true places [B, 17, 3] m."""
    noise = torch.randn(places.shape, generator=generator)
    t = torch.rand(len(places), generator=generator)
    on_the_way = torch.lerp(noise, places, t[:, None, None])
    return functional.mse_loss(network(keypoints, on_the_way, t), places - noise)


def sampled(network: nn.Module, keypoints: Tensor, noise: Tensor, steps: int = STEPS) -> Tensor:
    """Noise [B, 17, 3] carried to places by Euler's method; the root is left out."""
    places = noise
    with torch.no_grad():
        for step in range(steps):
            places = places + network(keypoints, places, torch.full((len(noise),), step / steps).to(noise)) / steps
    return torch.cat([torch.zeros_like(places[:, :1]), places[:, 1:]], 1)


def hypotheses(network: nn.Module, keypoints: Tensor, noise: Tensor) -> Tensor:
    """[N, B, 17, 3] of noise [N, B, 17, 3]: every second one of the mirrored keypoints, mirrored back."""
    flips = torch.arange(len(noise)) % 2 == 1
    of_each = torch.where(flips.to(keypoints.device)[:, None, None, None], _mirrored(keypoints), keypoints)
    places = sampled(network, of_each.flatten(0, 1), noise.flatten(0, 1)).unflatten(0, noise.shape[:2])
    places[1::2] = _mirrored(places[1::2])
    return places


def _mirrored(points: Tensor) -> Tensor:
    """Points [..., 17, 2 or 3] seen in the mirror, which exchanges the sides."""
    signs = torch.ones(points.shape[-1], device=points.device)
    signs[0] = -1.0
    return points[..., list(HUMAN36M.mirrored), :] * signs
