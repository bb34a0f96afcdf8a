"""How a flow does on subjects that it does not learn from."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from backend.hypotheses.euler import euler
from backend.hypotheses.flow import CHANNELS, Flow
from backend.hypotheses.noise import slow_noise
from backend.train.hypotheses.losses import joints_at, loss_terms
from backend.train.hypotheses.window_batches import WindowBatch

_SAMPLES, _STEPS, _SEED = 20, 3, 5
_COVERED = 0.9


@torch.no_grad()
def validated(flow: Flow, batches: Sequence[WindowBatch]) -> dict[str, float]:
    """Loss terms, and in mm over all joints about the pelvis: the lift, the samples' mean, and the best of 20.

    `best_mm` of whole windows, `best_frame_mm` frame by frame; `energy_mm` is the energy score; `coverage` the share
    of joints that lie within the radius about the mean that holds nine of ten samples.
    """
    flow.eval()
    rows = [_figures(flow, batch, number) for number, batch in enumerate(batches)]
    flow.train()
    return {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}


def _figures(flow: Flow, batch: WindowBatch, number: int) -> dict[str, float]:
    generator = torch.Generator(batch.turns.device).manual_seed(_SEED + number)
    windows, frames = batch.counts.shape
    noise = slow_noise(windows * _SAMPLES, frames, CHANNELS, generator).unflatten(0, (windows, _SAMPLES))
    time = torch.rand(windows, _SAMPLES, generator=generator, device=noise.device)
    terms = {name: float(value) for name, value in loss_terms(flow, batch, noise, time).items()}
    samples = 1000.0 * joints_at(flow, batch, drawn(flow, batch, noise))
    truth, lift = (1000.0 * joints_at(flow, batch, y[:, None])[:, 0] for y in (
        batch.turns, torch.zeros_like(batch.turns)))  # fmt: skip
    return {**terms, **sample_figures(samples, truth, lift, batch.counts)}


def drawn(flow: Flow, batch: WindowBatch, noise: Tensor) -> Tensor:
    """Samples [B, N, T, 66] of noise."""
    condition = flow.condition(batch.numbers)
    return euler(lambda y, time: flow(y, time, condition), noise, _STEPS)


def sample_figures(samples: Tensor, truth: Tensor, lift: Tensor, counts: Tensor) -> dict[str, float]:
    """Of samples [B, N, T, 22, 3], truth and lift [B, T, 22, 3] mm."""
    off = (samples - truth[:, None]).norm(dim=-1).mean(-1)                     # [B, N, T]
    middle = samples.mean(1)
    among = (samples - middle[:, None]).norm(dim=-1)
    inside = ((truth - middle).norm(dim=-1) <= among.quantile(_COVERED, 1)).float()[..., 1:].mean(-1)
    half = samples.shape[1] // 2
    apart = (samples[:, :half] - samples[:, half : 2 * half]).norm(dim=-1).mean((1, -1))
    of_window = (off * counts[:, None]).sum(-1) / counts.sum(-1)[:, None]

    def mean(values: Tensor) -> float:
        return float((values * counts).sum() / counts.sum())

    return {
        "lift_mm": mean((lift - truth).norm(dim=-1).mean(-1)), "mean_mm": mean((middle - truth).norm(dim=-1).mean(-1)),
        "sample_mm": mean(off.mean(1)), "best_mm": float(of_window.min(1).values.mean()),
        "best_frame_mm": mean(off.min(1).values), "energy_mm": mean(off.mean(1) - 0.5 * apart),
        "coverage": mean(inside),
    }  # fmt: skip
