"""Training of a flow on lifted windows, with a running mean of the weights and a log."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from backend.hypotheses.flow import CHANNELS, Flow
from backend.hypotheses.noise import slow_noise
from backend.hypotheses.weights import write_flow
from backend.train.endless import mixed_seed
from backend.train.hypotheses.lifted_windows import LiftedWindows
from backend.train.hypotheses.losses import FlowLossWeights, loss_terms
from backend.train.hypotheses.validation import validated
from backend.train.hypotheses.window_batches import WindowBatch, window_batch
from backend.train.log_lines import append_line
from backend.train.optimisers import optimisers, take_step
from backend.train.running_mean import RunningMean
from backend.train.train_settings import TrainSettings, rate_share

FLOW_FILE, LOG_FILE = "flow.npz", "log.jsonl"


@dataclass(frozen=True)
class FlowBatches:
    """How windows are taken."""

    windows: int = 24
    samples: int = 3     # noises of each window at once, which share its condition
    frames: int = 64     # of each window's, from a start by chance
    bank_share: float = 0.375   # of the windows that a real detector has seen, where there are some


class FlowTraining:
    """One run over windows that fit in memory: of simulated detections, and of real ones if there are some."""

    def __init__(
        self, flow: Flow, windows: Sequence[LiftedWindows], validation: Sequence[WindowBatch], settings: TrainSettings,
        batches: FlowBatches, folder: Path, device: torch.device | str = "cpu", seed: int = 0,
    ) -> None:  # fmt: skip
        self.flow, self.windows, self.validation = flow.to(device), windows, validation
        self.settings, self.batches, self.folder, self.device = settings, batches, folder, torch.device(device)
        self.seed, self.step = seed, 0
        self._mean = RunningMean(flow, settings.mean_decay)
        self._optimisers = optimisers(flow, settings.rate, settings.decay)

    def run(self, report: Callable[[str], None]) -> dict[str, Any]:
        """Until steps or minutes are used up; the last validation's figures. Raises Refusal where disks refuse."""
        began_s = time.monotonic()
        while True:
            spent_s = time.monotonic() - began_s
            share = max(self.step / self.settings.steps, spent_s / (60.0 * self.settings.minutes))
            if share >= 1.0 or self.step % self.settings.every == 0:
                figures = self.keep(spent_s)
                report(_line(figures))
                if share >= 1.0:
                    return figures
            self.learn(share)

    def learn(self, share: float) -> None:
        """One step, `share` of the run being over; a batch whose gradient is not finite teaches nothing."""
        rate = self.settings.rate * rate_share(share, self.step, self.settings)
        self.step += 1
        batch, noise, times = self._drawn()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            terms = loss_terms(self.flow, batch, noise, times)
        weights = FlowLossWeights()
        self.flow.zero_grad()
        sum(getattr(weights, each.name) * terms[each.name] for each in fields(weights)).backward()
        norm = nn.utils.clip_grad_norm_(self.flow.parameters(), self.settings.gradient_norm)
        if torch.isfinite(norm):
            take_step(self._optimisers, rate)
            self._mean.follow(self.step)

    def _drawn(self) -> tuple[WindowBatch, torch.Tensor, torch.Tensor]:
        chance = np.random.default_rng(mixed_seed(self.seed, self.step))
        windows = self.windows[int(len(self.windows) > 1 and chance.random() < self.batches.bank_share)]
        chosen = chance.integers(len(windows), size=self.batches.windows)
        start = int(chance.integers(max(1, windows.frame_count - self.batches.frames + 1)))
        cut = windows.during(slice(start, start + self.batches.frames))
        batch = window_batch(cut, chosen, self.flow, self.device)
        generator = torch.Generator(self.device).manual_seed(int(chance.integers(2**31)))
        shape = len(chosen), self.batches.samples
        noise = slow_noise(math.prod(shape), batch.counts.shape[1], CHANNELS, generator).unflatten(0, shape)
        return batch, noise, torch.rand(shape, generator=generator, device=self.device)

    def keep(self, spent_s: float) -> dict[str, Any]:
        """Figures of the running mean, after flow and log are written."""
        with self._mean.in_place():
            figures = {"step": self.step, "seconds": round(spent_s), **validated(self.flow, self.validation)}
            write_flow(self.folder / FLOW_FILE, self.flow, {"step": self.step, "seed": self.seed})
        append_line(self.folder / LOG_FILE, figures)
        return figures


def _line(figures: dict[str, Any]) -> str:
    return f"step {figures['step']}, {figures['seconds']} s: " + ", ".join(
        f"{name} {figures[name]:.3g}" for name in figures if name not in ("step", "seconds"))  # fmt: skip
