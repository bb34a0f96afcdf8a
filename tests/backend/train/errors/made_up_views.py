"""People who stand, wave and turn before cameras, as tensors."""

from __future__ import annotations

import torch

from backend.train.views import Views

STANDING = torch.tensor(
    [[0.0, -0.62, -0.1]] + [[0.03 * side, -0.65, -0.09] for side in (1, 1, 1, -1, -1, -1)]
    + [[0.08, -0.63, 0.0], [-0.08, -0.63, 0.0], [0.03, -0.57, -0.09], [-0.03, -0.57, -0.09]]
    + [[side * x, y, z] for x, y, z in (
        (0.18, -0.45, 0.0), (0.25, -0.2, 0.0), (0.28, 0.02, -0.05), (0.29, 0.08, -0.05), (0.28, 0.1, -0.06),
        (0.26, 0.06, -0.07), (0.1, 0.0, 0.0), (0.11, 0.42, 0.0), (0.11, 0.82, 0.02), (0.11, 0.87, 0.05),
        (0.12, 0.88, -0.12)) for side in (1, -1)]
)  # fmt: skip


def made_up_views(batch: int = 3, frames: int = 40, seed: int = 0, rate_hz: float = 30.0) -> Views:
    """Clips [B, T] of somebody who turns about and sways, 3 to 6 m before a camera off its axis."""
    generator = torch.Generator().manual_seed(seed)
    turn = torch.rand(batch, 1, generator=generator) * 6.28 + torch.linspace(0, 1.0, frames)
    cosine, sine, zero, one = turn.cos(), turn.sin(), torch.zeros_like(turn), torch.ones_like(turn)
    R = torch.stack([cosine, zero, sine, zero, one, zero, -sine, zero, cosine], -1).reshape(batch, frames, 3, 3)
    sway = 0.05 * torch.sin(torch.linspace(0, 9, frames))[None, :, None, None] * torch.randn(
        batch, 1, 33, 3, generator=generator)  # fmt: skip
    beside, away = (torch.randn(batch, 2, generator=generator), torch.rand(batch, 1, generator=generator))
    where = torch.cat([0.5 * beside, 3 + 3 * away], 1)
    truth = torch.einsum("btij,btlj->btli", R, STANDING + sway) + where[:, None, None]
    K = torch.tensor([[600.0, 0.0, 320.0], [0.0, 600.0, 240.0], [0.0, 0.0, 1.0]]).expand(batch, 3, 3).clone()
    hidden = (torch.rand(batch, frames, 33, generator=generator) < 0.1).float()
    return Views(truth, K, torch.tensor([[640, 480]]).expand(batch, 2), hidden, torch.full((batch,), rate_hz))
