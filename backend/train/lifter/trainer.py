"""Training of a lifter: batch after batch, with a running mean of the weights and a log that curves are drawn from."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from backend.lift.network.lifter import Lifter
from backend.lift.network.weights import write_lifter
from backend.train.batches import Batch
from backend.train.bodies import BodyFamily
from backend.train.lifter.checkpoint import Checkpoint, write_checkpoint
from backend.train.lifter.inputs_of import inputs_of
from backend.train.lifter.losses import LossWeights, loss_terms, weighted
from backend.train.lifter.validation import validated

LIFTER_FILE, RESUME_FILE, LOG_FILE = "lifter.npz", "resume.npz", "log.jsonl"


@dataclass(frozen=True)
class TrainSettings:
    """How long and how fast."""

    steps: int = 10_000
    minutes: float = math.inf      # training ends with whichever comes first
    rate: float = 1.5e-3
    decay: float = 0.05
    warm_up_steps: int = 200
    constant_share: float = 0.5    # of the run, until the rate falls
    last_rate_share: float = 0.02
    mean_decay: float = 0.998      # of the running mean, per step
    gradient_norm: float = 1.0
    every: int = 500               # steps between validations and checkpoints
    seed: int = 0


class Training:
    """One run. `batches` say where they stand by `state()` and are asked for one batch a step."""

    def __init__(self, lifter: Lifter, batches: Batchwise, validation: dict[str, Sequence[Batch]],
                 settings: TrainSettings, folder: Path, device: torch.device | str = "cpu") -> None:  # fmt: skip
        self.lifter, self.batches, self.validation = lifter.to(device), batches, validation
        self.settings, self.folder, self.device = settings, folder, torch.device(device)
        self.step, self.seconds = 0, 0.0
        self._mean = {name: values.clone() for name, values in lifter.state_dict().items()}
        self._family = BodyFamily(device)
        self._optimisers = _optimisers(lifter, settings)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint of the same configuration."""
        self.lifter.load_state_dict({name: values.to(self.device) for name, values in checkpoint.now.items()})
        self._mean = {name: values.to(self.device) for name, values in checkpoint.mean.items()}
        self.step, self.seconds = int(checkpoint.state["step"]), float(checkpoint.state["seconds"])
        self.batches.restore(checkpoint.state["batches"])

    def run(self, report: Callable[[str], None]) -> dict[str, Any]:
        """Trains until steps or minutes are used up; the last validation's figures."""
        first_step, before_s, began_s = self.step, self.seconds, time.monotonic()
        figures: dict[str, Any] = {}
        while True:
            spent_s = time.monotonic() - began_s
            share = max((self.step - first_step) / max(1, self.settings.steps), spent_s / (60 * self.settings.minutes))
            ends = share >= 1.0
            if ends or self.step % self.settings.every == 0:
                figures = self.keep(share)
                report(self._line(figures, spent_s, share))
            if ends:
                return figures
            self.learn(next(self.batches), share, self.step - first_step)
            self.seconds = before_s + time.monotonic() - began_s

    def learn(self, batch: Batch, share: float, steps_since: int) -> None:
        """One step, `share` of the run being over."""
        self.step += 1
        for group in (group for optimiser in self._optimisers for group in optimiser.param_groups):
            group["lr"] = self.settings.rate * rate_share(share, steps_since, self.settings)
        inputs = inputs_of(batch)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            told = self.lifter(inputs)
        loss = weighted(loss_terms(told, batch, inputs.K, self._family), LossWeights())
        self.lifter.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.lifter.parameters(), self.settings.gradient_norm)
        if not torch.isfinite(norm):
            return
        for optimiser in self._optimisers:
            optimiser.step()
        keep = min(self.settings.mean_decay, (1 + self.step) / (10 + self.step))
        for name, values in self.lifter.state_dict().items():
            self._mean[name].lerp_(values, 1 - keep)

    def keep(self, share: float) -> dict[str, Any]:
        """Validates the running mean; writes figures to the log, and both files."""
        now = {name: values.clone() for name, values in self.lifter.state_dict().items()}
        self.lifter.load_state_dict(self._mean)
        figures: dict[str, Any] = {"step": self.step, "seconds": round(self.seconds), "share": round(share, 4)}
        figures |= {name: validated(self.lifter, batches, self._family) for name, batches in self.validation.items()}
        self.lifter.load_state_dict(now)
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOG_FILE).open("a", encoding="utf-8") as log:
            log.write(json.dumps(figures) + "\n")
        write_lifter(self.folder / LIFTER_FILE, self.lifter.wanted, self._mean)
        state = {"step": self.step, "seconds": self.seconds, "batches": self.batches.state()}
        write_checkpoint(self.folder / RESUME_FILE, Checkpoint(self.lifter.wanted, now, self._mean, state))
        return figures

    def _line(self, figures: dict[str, Any], spent_s: float, share: float) -> str:
        left = f", {(spent_s / share - spent_s) / 60:.0f} min left" if share > 0 else ""
        sets = ", ".join(f"{name} {figures[name]['limbs_mm']:.0f}/{figures[name]['limbs_pa_mm']:.0f} mm"
                         for name in self.validation)  # fmt: skip
        return f"step {self.step}: {sets}{left}"


class Batchwise:
    """Rows of batches taken in turns: so many of each out of a hundred."""

    def __init__(self, rows: Sequence[tuple[Any, float]]) -> None:
        self._rows = [row for row, _ in rows]
        self._shares = [share / sum(share for _, share in rows) for _, share in rows]
        self.taken = [0] * len(rows)

    def __iter__(self) -> Iterator[Batch]:
        return self

    def __next__(self) -> Batch:
        behind = [share * (sum(self.taken) + 1) - taken for share, taken in zip(self._shares, self.taken, strict=True)]
        row = behind.index(max(behind))
        self.taken[row] += 1
        batch: Batch = next(self._rows[row])
        return batch

    def state(self) -> list[dict[str, int]]:
        return [row.state() for row in self._rows]

    def restore(self, states: Sequence[dict[str, int]]) -> None:
        for row, state in zip(self._rows, states, strict=False):
            row.restore(state)


def rate_share(share: float, steps_since: int, settings: TrainSettings) -> float:
    """Of the full learning rate: up over the first steps, level, then down in a straight line."""
    up = min(1.0, (steps_since + 1) / settings.warm_up_steps)
    fallen = max(0.0, share - settings.constant_share) / max(1e-6, 1.0 - settings.constant_share)
    return up * (1.0 - (1.0 - settings.last_rate_share) * min(1.0, fallen))


def _optimisers(lifter: Lifter, settings: TrainSettings) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) for the blocks' matrices, AdamW for all else; Muon's steps are scaled to AdamW's.

    After 500 steps of the CPU's configuration, in the same time: 117 mm on validation where AdamW alone had 124. Norms,
    biases and the scans' own numbers do not decay (Gu and Dao 2023).
    """
    def is_inner(name: str, values: nn.Parameter) -> bool:
        return values.ndim == 2 and "blocks." in name

    named = list(lifter.named_parameters())
    inner = [values for name, values in named if is_inner(name, values)]
    outer = [values for name, values in named if values.ndim >= 2 and not is_inner(name, values)
             and "conv1d" not in name]  # fmt: skip
    taken = {id(values) for values in (*inner, *outer)}
    groups = [{"params": outer, "weight_decay": settings.decay},
              {"params": [values for _, values in named if id(values) not in taken], "weight_decay": 0.0}]  # fmt: skip
    adam = torch.optim.AdamW(groups, settings.rate, betas=(0.9, 0.98))
    if not inner:
        return [adam]
    return [adam, torch.optim.Muon(inner, settings.rate, settings.decay, adjust_lr_fn="match_rms_adamw")]
