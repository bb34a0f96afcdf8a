"""Training of what lets views meet, batch after batch, with a running mean of the weights and a log."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from backend.multiview.fuse.network.multiview_lifter import Alone, MultiviewLifter
from backend.multiview.fuse.network.weights import write_meetings
from backend.train.bodies import BodyFamily
from backend.train.log_lines import append_line
from backend.train.multiview.losses import loss
from backend.train.multiview.take_batches import TakeBatch
from backend.train.multiview.validation import validated
from backend.train.optimisers import optimisers, take_step
from backend.train.running_mean import RunningMean
from backend.train.train_settings import TrainSettings, rate_share

WEIGHTS_FILE, LOG_FILE = "multiview.npz", "log.jsonl"
# To draw a batch and see what single views tell of it takes longer than to learn from it: each is learned from twice.
# Six times was worse on subjects that do not teach.
_USES = 2
_KEPT = 48


class MultiviewTraining:
    """One run; only what is added to the single view's lifter learns."""

    def __init__(
        self, lifter: MultiviewLifter, batches: Iterator[TakeBatch], validation: Mapping[str, Sequence[TakeBatch]],
        settings: TrainSettings, folder: Path, device: torch.device | str = "cpu",
    ) -> None:  # fmt: skip
        self.lifter, self.batches, self.validation = lifter.to(device), batches, validation
        self.settings, self.folder = settings, folder
        self.step = 0
        self._latest: deque[tuple[TakeBatch, Alone]] = deque(maxlen=_KEPT)
        self._chance = torch.Generator().manual_seed(0)
        self._family = BodyFamily(device)
        self._mean = RunningMean(lifter.meetings, settings.mean_decay)
        self._optimisers = optimisers(lifter.meetings, settings.rate, settings.decay)

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
            self.learn(*self._next(), share)

    def _next(self) -> tuple[TakeBatch, Alone]:
        """One of the latest batches by chance; every _USES steps the oldest of them makes room for a new one."""
        if self.step % _USES == 0 or not self._latest:
            batch = next(self.batches)
            self._latest.append((batch, self.lifter.alone(batch.inputs, batch.together)))
        return self._latest[int(torch.randint(len(self._latest), (), generator=self._chance))]

    def learn(self, batch: TakeBatch, alone: Alone, share: float) -> float:
        """One step, `share` of the run being over; its loss. A batch whose gradient is not finite teaches nothing."""
        rate = self.settings.rate * rate_share(share, self.step, self.settings)
        self.step += 1
        self.lifter.meetings.zero_grad()
        amount = loss(self.lifter.met(alone, batch.together), batch, self._family)
        amount.backward()
        norm = nn.utils.clip_grad_norm_(self.lifter.meetings.parameters(), self.settings.gradient_norm)
        if torch.isfinite(norm):
            take_step(self._optimisers, rate)
            self._mean.follow(self.step)
        return float(amount.detach())

    def keep(self, spent_s: float) -> dict[str, Any]:
        """Figures of the running mean, after weights and log are written."""
        with self._mean.in_place():
            figures = {"step": self.step, "seconds": round(spent_s), **validated(self.lifter, self.validation)}
            write_meetings(self.folder / WEIGHTS_FILE, self.lifter, {"step": self.step})
        append_line(self.folder / LOG_FILE, figures)
        return figures


def _line(figures: dict[str, Any]) -> str:
    kinds = [f"{kind} {said['fused']:.1f} (mean {said['mean']:.1f}, triangulated {said['triangulated']:.1f})"
             for kind, said in figures.items() if isinstance(said, dict)]  # fmt: skip
    return f"step {figures['step']}, {figures['seconds']} s: mm " + ", ".join(kinds)
