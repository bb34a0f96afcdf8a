"""Events that begin and last for a while."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.train.chance import Chance


def runs(shares: Tensor, mean_length: Tensor, chance: Chance) -> Tensor:
    """Two-state chains [B, T, N] bool that are on in `shares` [B, T, N] of the frames, in runs of `mean_length` [B, N].

    A run ends with the same chance in every frame; it begins as often as the share asks for.
    """
    batch, frames, count = shares.shape
    drawn = chance.uniform(0.0, 1.0, frames, batch, count, axis=1)
    ends = (1 / mean_length.clamp(min=1.0)).to(shares)
    begins = (shares * ends[:, None] / (1 - shares).clamp(min=1e-3)).clamp(max=1.0)
    on = drawn[0] < shares[:, 0]
    states = [on]
    for frame in range(1, frames):
        on = torch.where(on, drawn[frame] >= ends, drawn[frame] < begins[:, frame])
        states.append(on)
    return torch.stack(states, 1)
