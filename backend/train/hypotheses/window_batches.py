"""Lifted windows, a few at a time, on the training device."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from backend.hypotheses.flow import Flow, steady_sigma
from backend.lift.network.inputs import smoothed
from backend.train.hypotheses.lifted_windows import LiftedWindows

_SMOOTHED_FRAMES = 2.5    # hypotheses are as smooth as the lift; what trembles in its errors cannot be told anyway
_FARTHEST = 6.0           # in units of doubt: an arm lifted for the other one teaches no more


@dataclass(frozen=True, eq=False)
class WindowBatch:
    """B windows of T frames, as LiftedWindows has them."""

    numbers: Tensor            # [B, T, C]
    R_view_from_joint: Tensor  # [B, T, 22, 3, 3]
    sigma_rad: Tensor          # [B, T, 22]
    turns: Tensor              # [B, T, 66] in units of doubt, smoothed over time
    bones_m: Tensor            # [B, 22, 3]
    counts: Tensor             # [B, T]
    known: Tensor              # [B, 22]


def window_batch(windows: LiftedWindows, chosen: np.ndarray, flow: Flow, device: torch.device | str) -> WindowBatch:
    """Windows by their numbers [B]."""
    def tensor(name: str) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(getattr(windows, name)[chosen])).float().to(device)

    sigma_rad, turn_rad = steady_sigma(tensor("sigma_rad")), tensor("turn_rad")
    turns = smoothed(white_turns(turn_rad, flow.sigma_rad(sigma_rad)), _SMOOTHED_FRAMES)
    return WindowBatch(tensor("numbers"), tensor("R_view_from_joint"), sigma_rad, turns, tensor("bones_m"),
                       tensor("counts"), tensor("known"))  # fmt: skip


def window_batches(
    windows: LiftedWindows, count: int, size: int, flow: Flow, device: torch.device | str
) -> list[WindowBatch]:
    """About `count` of the windows, evenly spread, `size` at a time."""
    chosen = np.arange(0, len(windows), max(1, len(windows) // count))
    return [window_batch(windows, chosen[start : start + size], flow, device)
            for start in range(0, len(chosen), size)]  # fmt: skip


def white_turns(turn_rad: Tensor, unit_rad: Tensor) -> Tensor:
    """[B, T, 66] of rotation vectors [B, T, 22, 3], at most _FARTHEST long."""
    turns = turn_rad / unit_rad
    length = turns.norm(dim=-1, keepdim=True)
    return (turns * (_FARTHEST / length.clamp(min=_FARTHEST))).flatten(-2)


def fit_units(flow: Flow, windows: LiftedWindows) -> None:
    """The flow's units, of windows it learns from: numbers' means and spreads, and the whitened turns' spread."""
    counted = windows.counts > 0
    numbers = windows.numbers[counted].astype(np.float32)
    flow.number_mean.copy_(torch.from_numpy(numbers.mean(0)))
    flow.number_spread.copy_(torch.from_numpy(numbers.std(0) + 0.05))
    sigma_rad = steady_sigma(torch.from_numpy(windows.sigma_rad))[torch.from_numpy(counted)]
    turns = torch.from_numpy(windows.turn_rad[counted]) / sigma_rad[..., None]
    flow.turn_spread.copy_(turns.clamp(-_FARTHEST, _FARTHEST).std(0))
