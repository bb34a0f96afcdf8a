"""Where views meet: at each moment every view attends to all others that see the person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from backend.lift.network.lifter import SIZES
from backend.multiview.fuse.network.others import OTHERS_NUMBERS, OWN_NUMBERS, PAIR_NUMBERS, Others


@dataclass(frozen=True)
class MeetingConfiguration:
    """Sizes of what is added to a single view's network."""

    width: int = 64                             # of what views tell each other
    heads: int = 4
    before_blocks: tuple[int, ...] = (3, 4)     # over time, of which views meet
    numbers_width: int = 96                     # of what is made of the others' bodies and of triangulated landmarks

    @property
    def fewest_weights(self) -> int:
        """Numbers that the largest matrices of such meetings have together, at least."""
        return len(self.before_blocks) * self.width**2 + self.numbers_width

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Meeting(nn.Module):
    """x + attention of each view to the others and to a null token of value zero, [M, V, T, D].

    A set function: views have no index, and those that do not see the person are not asked. What is known of a pair
    of views enters key and value, after MV-SSM's projective attention.
    """

    def __init__(self, token_width: int, wanted: MeetingConfiguration) -> None:
        super().__init__()
        self.heads = wanted.heads
        self.norm = nn.LayerNorm(token_width)
        self.query = nn.Linear(token_width, wanted.width)
        self.of_other = nn.Linear(token_width, 2 * wanted.width)
        self.of_pair = nn.Linear(PAIR_NUMBERS, 2 * wanted.width, bias=False)
        self.leave = nn.Linear(wanted.width, token_width, bias=False)
        nn.init.zeros_(self.leave.weight)

    def forward(self, x: Tensor, others: Others) -> Tensor:
        normed = self.norm(x).transpose(1, 2)                                              # [M, T, V, D]
        query = self.query(normed).unflatten(-1, (self.heads, -1))                         # [M, T, V, H, C]
        known = self.of_other(normed)[:, :, None] + self.of_pair(others.pairs)             # [M, T, V, V, 2 H C]
        key, value = known.unflatten(-1, (2, self.heads, -1)).unbind(-3)                   # [M, T, V, V, H, C]
        logits = torch.einsum("mtuhc,mtuvhc->mtuhv", query, key) / key.shape[-1] ** 0.5
        logits = logits.masked_fill(~others.open[:, :, :, None], -torch.inf)
        null = torch.zeros_like(logits[..., :1])
        share = torch.cat([logits, null], -1).softmax(-1)[..., :-1]
        heard = torch.einsum("mtuhv,mtuvhc->mtuhc", share, value).flatten(-2)
        return x + self.leave(heard).transpose(1, 2)


class Meetings(nn.Module):
    """All that is added to a single view's network of width `token_width`; all of it says nothing before training."""

    def __init__(self, token_width: int, wanted: MeetingConfiguration) -> None:
        super().__init__()
        self.wanted = wanted
        self.blocks = nn.ModuleDict({str(number): Meeting(token_width, wanted) for number in wanted.before_blocks})
        self.enter = nn.Sequential(nn.Linear(OTHERS_NUMBERS, wanted.numbers_width), nn.SiLU(),
                                   nn.Linear(wanted.numbers_width, token_width, bias=False))  # fmt: skip
        self.read = nn.Sequential(nn.Linear(OTHERS_NUMBERS + token_width, wanted.numbers_width), nn.SiLU())
        self.heads = nn.Linear(wanted.numbers_width, sum(SIZES.values()), bias=False)
        self.straight = nn.Linear(OTHERS_NUMBERS + OWN_NUMBERS, OWN_NUMBERS, bias=False)   # to orientations
        for layer in (self.enter[-1], self.heads, self.straight):
            nn.init.zeros_(layer.weight)

    @property
    def first_block(self) -> int:
        """Before which views meet first."""
        return min(self.wanted.before_blocks)

    @torch.no_grad()
    def start_at_the_mean(self) -> None:
        """Views together start to learn from the mean of their orientations, the surer counting more."""
        self.straight.weight[:, :OWN_NUMBERS] = torch.eye(OWN_NUMBERS)

    def entered(self, others: Others) -> Tensor:
        """What is added to frames [M, V, T, D] before they meet."""
        return self.enter(others.numbers) * others.any[..., None]

    def met(self, x: Tensor, block: int, others: Others) -> Tensor:
        """Frames x [M, V, T, D] before a block over time."""
        return self.blocks[str(block)](x, others) if block in self.wanted.before_blocks else x

    def told(self, x: Tensor, others: Others) -> dict[str, Tensor]:
        """What is added to the heads' words of frames x [M, V, T, D], rows as of a batch."""
        there = others.any[..., None]
        read = self.heads(self.read(torch.cat([others.numbers, x], -1))) * there
        told = dict(zip(SIZES, read.flatten(0, 1).split(list(SIZES.values()), -1), strict=True))
        turned = self.straight(others.straight) * there
        return told | {"orientations": told["orientations"] + turned.flatten(0, 1)}
