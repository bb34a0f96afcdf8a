"""Training of a lifter: batch after batch, with a running mean of the weights and a log that curves are drawn from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from backend.lift.network.lifter import Lifter
from backend.lift.network.weights import write_lifter
from backend.train.batches import Batch
from backend.train.bodies import BodyFamily
from backend.train.chance import Chance
from backend.train.endless import mixed_seed
from backend.train.lifter.calibrate import calibrate
from backend.train.lifter.checkpoint import Checkpoint, write_checkpoint
from backend.train.lifter.inputs_of import inputs_of
from backend.train.lifter.losses import LossWeights, loss_terms, weighted
from backend.train.lifter.rolled import rolled, rolls
from backend.train.lifter.validation import validated
from backend.train.lifter.without_features import some_without_features
from backend.train.log_lines import append_line
from backend.train.optimisers import optimisers, take_step
from backend.train.processes import ALONE, Processes, ProcessLost
from backend.train.running_mean import RunningMean
from backend.train.train_settings import TrainSettings, rate_share
from motion.refusal import Refusal
from motion.whole_files import unwritable

_ROLL_SEED = 11
LIFTER_FILE, RESUME_FILE, LOG_FILE = "lifter.npz", "resume.npz", "log.jsonl"


class Training:
    """One run. `batches` say where they stand by `state()` and are asked for one batch a step.

    Of several processes each has its part of the batches and the same weights; the first has the validation and writes.
    """

    def __init__(self, lifter: Lifter, batches: Batchwise, validation: dict[str, Sequence[Batch]],
                 settings: TrainSettings, folder: Path, device: torch.device | str = "cpu",
                 processes: Processes = ALONE) -> None:  # fmt: skip
        """Raises Refusal where no folder can be made."""
        self.processes = processes
        if processes.is_first:
            _make_folder(folder)
        self.lifter, self.batches, self.validation = lifter.to(device), batches, validation
        self.settings, self.folder, self.device = settings, folder, torch.device(device)
        self.step, self.seconds = 0, 0.0
        processes.spread(lifter.state_dict())
        self._mean = RunningMean(lifter, settings.mean_decay)
        self._family = BodyFamily(device)
        self._optimisers = optimisers(lifter, settings.rate, settings.decay)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint. Raises Refusal for one of another configuration."""
        if checkpoint.configuration != self.lifter.wanted:
            raise Refusal("other-configuration", "The resume file is of a lifter of another configuration.",
                          "Leave --configuration out, or start anew without --resume.")  # fmt: skip
        self.lifter.load_state_dict(checkpoint.now)
        self._mean.restore(checkpoint.mean)
        self.step, self.seconds = checkpoint.state["step"], checkpoint.state["seconds"]
        self.batches.restore(checkpoint.state["batches"])

    def run(self, report: Callable[[str], None], watch: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
        """Trains until steps or minutes are used up; the last validation's figures, which the first process has.

        `report` is told of every validation in a line, `watch` of every step. A run that is interrupted or loses a
        process can be gone on with from the step that it had reached. Raises Refusal where files cannot be written.
        """
        try:
            return self._run(report, watch)
        except (KeyboardInterrupt, ProcessLost):
            if self.processes.is_first:
                self._write_resume()
            raise

    def _run(self, report: Callable[[str], None], watch: Callable[[str], None]) -> dict[str, Any]:
        first_step, before_s, began_s = self.step, self.seconds, time.monotonic()
        while True:
            spent_s = time.monotonic() - began_s
            share = max((self.step - first_step) / max(1, self.settings.steps), spent_s / (60 * self.settings.minutes))
            share = self.processes.agreed_share(share)
            ends = share >= 1.0
            if ends or self.step % self.settings.every == 0:
                figures = self._keep_together(share)
                if self.processes.is_first:
                    report(self._line(figures) + _time_left(spent_s, share))
            if ends:
                return figures
            watch(f"step {self.step}{_time_left(spent_s, share)}")
            self.learn(next(self.batches), share, self.step - first_step)
            self.seconds = before_s + time.monotonic() - began_s

    def learn(self, batch: Batch, share: float, steps_since: int) -> Tensor:
        """One step, `share` of the run being over; what this part of the batch adds to the loss [].

        A batch whose gradient is not finite teaches nothing.
        """
        self.step += 1
        rate = self.settings.rate * rate_share(share, steps_since, self.settings)
        inputs = inputs_of(batch)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            told = self.lifter(inputs)
        terms = loss_terms(told, batch, inputs.K, self._family, self.processes.summed)
        loss = weighted(terms, LossWeights())
        self.lifter.zero_grad()
        loss.backward()
        self.processes.add_gradients(self.lifter.parameters())
        norm = nn.utils.clip_grad_norm_(self.lifter.parameters(), self.settings.gradient_norm)
        if torch.isfinite(norm):
            take_step(self._optimisers, rate)
            self._mean.follow(self.step)
        return loss.detach()

    def _keep_together(self, share: float) -> dict[str, Any]:
        """The first process keeps; where that is refused, all of them end."""
        self.processes.spread(self.lifter.state_dict())
        return self.processes.agreed(lambda: self.keep(share) if self.processes.is_first else {})

    def keep(self, share: float) -> dict[str, Any]:
        """Figures of the running mean, after log, lifter (at the end calibrated) and resume file are written."""
        figures: dict[str, Any] = {"step": self.step, "seconds": round(self.seconds), "share": round(share, 4)}
        with self._mean.in_place():
            lifter = self.lifter
            figures |= {name: validated(lifter, batches, self._family) for name, batches in self.validation.items()}
            if share >= 1.0:
                calibrate(lifter, [batch for batches in self.validation.values() for batch in batches])
            write_lifter(self.folder / LIFTER_FILE, lifter.wanted, lifter.state_dict(), self._state())
        append_line(self.folder / LOG_FILE, figures)
        self._write_resume()
        return figures

    def _write_resume(self) -> None:
        now = Checkpoint(self.lifter.wanted, self.lifter.state_dict(), self._mean.weights, self._state())
        write_checkpoint(self.folder / RESUME_FILE, now)

    def _state(self) -> dict[str, Any]:
        return {"step": self.step, "seconds": self.seconds, "batches": self.batches.state()}

    def _line(self, figures: dict[str, Any]) -> str:
        sets = ", ".join(f"{name} {figures[name]['limbs_mm']:.0f}/{figures[name]['limbs_pa_mm']:.0f} mm"
                         for name in self.validation)  # fmt: skip
        return f"step {self.step}: {sets}"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error


def _time_left(spent_s: float, share: float) -> str:
    left_s = spent_s * max(0.0, 1.0 / share - 1.0) if share > 0 else None
    return "" if left_s is None else f", {left_s / 60.0:.0f} min left"


class Batchwise:
    """Rows of batches taken in turns, so many of each out of a hundred, before cameras held askew."""

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
        chance = Chance.seeded(mixed_seed(_ROLL_SEED, sum(self.taken)), batch.root_camera.device, batch.part)
        return some_without_features(rolled(batch, rolls(batch.part.rows, chance)), chance)

    def lengths(self) -> list[list[int]]:
        """Frames of the clips that each row is made of."""
        return [row.lengths.tolist() for row in self._rows]

    def state(self) -> list[dict[str, int]]:
        """Of each row."""
        return [row.state() for row in self._rows]

    def restore(self, states: Sequence[dict[str, int]]) -> None:
        """Go on as the batches went on whose `state` this is, with the same row next unless shares are others now."""
        for row, state in zip(self._rows, states, strict=False):
            row.restore(state)
        taken = [row.state()["next"] for row in self._rows]
        in_turn = all(abs(share * sum(taken) - each) < 1.0 for share, each in zip(self._shares, taken, strict=True))
        self.taken = taken if in_turn else [0] * len(taken)
