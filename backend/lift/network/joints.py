"""Mixing inside a frame: PoseMamba's scans over joints, MDTF's graph convolution, bone tokens and gated fusion.

Formulas: PoseMamba (Huang et al. 2025) scans joints both ways, in the order of the whole body and limb by limb;
MDTF (Zheng et al. 2026) convolves along the skeleton before each scan and adds bones in spherical coordinates, whose
polar angle, which the picture does not show, is predicted.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from backend.lift.network.configuration import LifterConfiguration
from backend.lift.network.inputs import PersonView
from backend.lift.network.parts import (
    LANDMARKS_OF_PART,
    LIMB_ORDER,
    MIDDLE_OF_PART,
    MOST_LANDMARKS,
    PART_ABOVE,
    PARTS,
    WHOLE_ORDER,
)  # fmt: skip
from backend.lift.state_space.mamba2 import Mamba2

POLAR_BINS = 6          # of 30 degrees, as in MDTF
_POLAR_HIDDEN = 32
_LEAST_SINE = 0.1       # of the polar angle when the length is told by what is seen of it


class PartTokens(nn.Module):
    """Numbers of landmarks [B, T, 33, C] to one token for each part [B, T, 14, width], by weights of its own."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        numbers = MOST_LANDMARKS * channels
        self.weight = nn.Parameter(torch.randn(len(PARTS), numbers, width) / math.sqrt(numbers))
        self.bias = nn.Parameter(0.02 * torch.randn(len(PARTS), width))
        places = torch.tensor([list(each) + [each[0]] * (MOST_LANDMARKS - len(each)) for each in LANDMARKS_OF_PART])
        known = torch.tensor([[place < len(each) for place in range(MOST_LANDMARKS)] for each in LANDMARKS_OF_PART])
        self.register_buffer("places", places, persistent=False)
        self.register_buffer("known", known[..., None], persistent=False)

    def forward(self, landmarks: Tensor) -> Tensor:
        own = (landmarks[..., self.places, :] * self.known).flatten(-2)       # [B, T, 14, numbers]
        return torch.einsum("btpn,pnc->btpc", own, self.weight) + self.bias


class BoneTokens(nn.Module):
    """The bone that ends in each part, in spherical coordinates about the viewing axis (MDTF's bone aware module).

    Azimuth and what is seen of the length are measured; the polar angle is predicted as one of POLAR_BINS classes.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.polar = nn.Sequential(nn.Linear(3 * width, _POLAR_HIDDEN), nn.SiLU(), nn.Linear(_POLAR_HIDDEN, POLAR_BINS))
        self.enter = nn.Linear(5, width)
        self.register_buffer("above", torch.tensor(PART_ABOVE).clamp(min=0), persistent=False)
        centres = math.pi * (torch.arange(POLAR_BINS) + 0.5) / POLAR_BINS
        self.register_buffer("cosines", torch.cos(centres), persistent=False)
        self.register_buffer("sines", torch.sin(centres), persistent=False)

    def forward(self, view: PersonView, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens [B, T, 14, width] of bones, and the logits [B, T, 14, POLAR_BINS] of their polar angles."""
        trunk = tokens[..., :1, :].expand_as(tokens)
        logits = self.polar(torch.cat([tokens, tokens[..., self.above, :], trunk], -1))
        bones = bones_of(view.seen_m)
        across = bones.norm(dim=-1, keepdim=True)
        azimuth = bones / across.clamp(min=1e-4)
        share = logits.softmax(-1)
        cosine = (share * self.cosines).sum(-1, keepdim=True)
        sine = (share * self.sines).sum(-1, keepdim=True).clamp(min=_LEAST_SINE)
        return self.enter(torch.cat([azimuth, across, cosine, across / sine], -1)), logits


def bones_of(points: Tensor) -> Tensor:
    """[..., 33, D] to the vectors [..., 14, D] from the part above to each part; the trunk's is zero."""
    middles = torch.stack([points[..., list(landmarks), :].mean(-2) for landmarks in MIDDLE_OF_PART], -2)
    above = torch.tensor(PART_ABOVE, device=points.device).clamp(min=0)
    return middles - middles[..., above, :]


def polar_bins(bones: Tensor) -> Tensor:
    """The class [..., 14] of the polar angle of bones [..., 14, 3] from the viewing axis."""
    angle = torch.atan2(bones[..., :2].norm(dim=-1), bones[..., 2])
    return (angle * (POLAR_BINS / math.pi)).long().clamp(max=POLAR_BINS - 1)


class GatedFusion(nn.Module):
    """a_0 joint + a_1 bone with a = softmax(W [joint, bone]); both count the same at the start."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gate = nn.Linear(2 * width, 2)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)

    def forward(self, joints: Tensor, bones: Tensor) -> Tensor:
        share = self.gate(torch.cat([joints, bones], -1)).softmax(-1)
        return share[..., :1] * joints + share[..., 1:] * bones


class GraphConvolution(nn.Module):
    """x + ReLU(norm(A x V + x U)) over the tree of parts, A = D^-1/2 A D^-1/2 without self loops."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.from_neighbours = nn.Linear(width, width, bias=False)
        self.from_itself = nn.Linear(width, width, bias=False)
        self.norm = nn.LayerNorm(width)
        self.register_buffer("adjacency", _adjacency(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        mixed = self.adjacency @ self.from_neighbours(x) + self.from_itself(x)
        return x + torch.relu(self.norm(mixed))


def _adjacency() -> Tensor:
    edges = torch.zeros(len(PARTS), len(PARTS))
    for part, above in enumerate(PART_ABOVE[1:], start=1):
        edges[part, above] = edges[above, part] = 1.0
    degree = edges.sum(1).rsqrt()
    return degree[:, None] * edges * degree


class JointBlock(nn.Module):
    """x + the mean of scans over the parts of one frame, [N, 14, width]: by order and direction, each its own layer."""

    def __init__(self, wanted: LifterConfiguration) -> None:
        super().__init__()
        width = wanted.joint_width
        self.norm = nn.LayerNorm(width)
        ways = 2 if wanted.both_directions else 1
        self.graphs = nn.ModuleList(
            GraphConvolution(width) if wanted.graph_convolution else nn.Identity() for _ in range(ways))
        orders = (WHOLE_ORDER, LIMB_ORDER) if wanted.limb_order else (WHOLE_ORDER,)
        for number, order in enumerate(orders):
            for way in range(ways):
                along = torch.tensor(order if way == 0 else order[::-1])
                self.register_buffer(f"order_{number}_{way}", along, persistent=False)
                self.register_buffer(f"back_{number}_{way}", along.argsort(), persistent=False)
        self.scans = nn.ModuleDict({
            f"{number}_{way}": Mamba2(width, wanted.joint_state_size, expand=1, head_width=width, chunk=len(PARTS))
            for number in range(len(orders)) for way in range(ways)})  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        normed = self.norm(x)
        streams = [graph(normed) for graph in self.graphs]
        total = torch.zeros_like(x)
        for name, scan in self.scans.items():
            stream = streams[int(name[-1])]
            order, back = getattr(self, f"order_{name}"), getattr(self, f"back_{name}")
            total = total + scan(stream[:, order])[:, back]
        return x + total / len(self.scans)
