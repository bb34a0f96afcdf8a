"""Events that begin and last for a while."""

from __future__ import annotations

import torch
from torch import Tensor


def runs(shares: Tensor, mean_length: Tensor, generator: torch.Generator) -> Tensor:
    """Two-state chains [B, T, N] bool that are on in `shares` [B, T, N] of the frames, in runs of `mean_length` [B, N].

    A run ends with the same chance in every frame; it begins as often as the share asks for.
    """
    batch, frames, count = shares.shape
    chance = torch.rand((frames, batch, count), generator=generator).to(shares.device)
    ends = (1 / mean_length.clamp(min=1.0)).to(shares)
    begins = (shares * ends[:, None] / (1 - shares).clamp(min=1e-3)).clamp(max=1.0)
    on = chance[0] < shares[:, 0]
    states = [on]
    for frame in range(1, frames):
        on = torch.where(on, chance[frame] >= ends, chance[frame] < begins[:, frame])
        states.append(on)
    return torch.stack(states, 1)
