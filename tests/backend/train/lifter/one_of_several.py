"""One of several processes that are refused, train a tiny lifter together, and end before their time.

    python -m tests.backend.train.lifter.one_of_several FOLDER

with RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT in the environment.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch

from backend.lift.network.lifter import Lifter
from backend.train.bank.bank_batches import BankBatches
from backend.train.batches import Batches, BatchSettings
from backend.train.lifter.checkpoint import read_checkpoint
from backend.train.lifter.first_guess import fit_first_guess
from backend.train.lifter.trainer import RESUME_FILE, Batchwise, Training
from backend.train.processes import ALONE, Processes, joined_processes
from backend.train.train_settings import TrainSettings
from motion.refusal import Refusal
from tests.backend.train.bank.made_up_bank import made_up_bank
from tests.backend.train.lifter.made_up_training import TINY, some_batch
from tests.backend.train.made_up_clips import several

ROWS, FRAMES = 5, 32     # which two cannot share evenly
SUDDENLY = signal.SIGTERM if os.name == "nt" else signal.SIGKILL   # as if for want of memory
SETTINGS = TrainSettings(steps=6, rate=3e-3, warm_up_steps=1, every=6)


class Told(Training):
    """A run that keeps the whole batch's loss of each step."""

    losses: list[float] = []

    def learn(self, *args) -> torch.Tensor:
        loss = super().learn(*args)
        self.losses = [*self.losses, float(self.processes.summed(loss))]
        return loss


def training(folder: Path, processes: Processes = ALONE, steps: int = SETTINGS.steps, resume: Path | None = None,
             rows: int = ROWS) -> Told:  # fmt: skip
    """Of drawn and of bank batches, so that features come and go."""
    part = processes.part(rows)
    batches = Batchwise([
        (Batches(several(3), None, BatchSettings(rows, FRAMES), seed=5, part=part), 60.0),
        (BankBatches(made_up_bank(3), rows, FRAMES, seed=6, part=part), 40.0),
    ])  # fmt: skip
    torch.manual_seed(processes.number)     # that differ until the first one's weights are spread
    lifter = Lifter(replace(TINY, feature_count=8))
    lifter.mean_skeleton.copy_(some_batch().rest_joints.mean(0))
    fit_first_guess(lifter, (next(batches) for _ in range(2)), processes.summed)
    validation = {"dev": [some_batch(2)]} if processes.is_first else {}
    settings = replace(SETTINGS, steps=steps)
    run = Told(lifter, batches, validation, settings, folder, processes=processes)
    if resume:
        run.restore(processes.from_first(lambda: read_checkpoint(resume)))
    return run


def ran(run: Told) -> Told:
    run.run(lambda line: print(line, flush=True))
    return run


def keep(path: Path, run: Told) -> None:
    np.savez(path, losses=run.losses, **{name: values.numpy() for name, values in run.lifter.state_dict().items()})


def be_refused(processes: Processes) -> None:
    """What only the second process lacks ends both; here they stay, so that the first must not wait for its end."""
    def read() -> None:
        if not processes.is_first:
            raise Refusal("no-file", "There is no file.", "Make one.")

    try:
        with patch.object(Processes, "end_after_the_others", lambda self, code: sys.exit(code)):
            processes.agreed(read)
    except (Refusal, SystemExit) as end:
        print(f"{type(end).__name__}: {end}", flush=True)


def learn(folder: Path, processes: Processes) -> None:
    """A part of a run, a whole one, and how that goes on until it is interrupted and until the second process dies."""
    resume = folder / "before" / RESUME_FILE
    keep(folder / f"resumed_{processes.number}.npz", ran(training(folder / "resumed", processes, 3, resume)))
    run = ran(training(folder / "whole", processes))
    keep(folder / f"whole_{processes.number}.npz", run)
    run.settings, run.folder = replace(run.settings, steps=10_000), folder / "more"
    run.folder.mkdir(exist_ok=True)
    try:
        until_the_second(run, "step 8", lambda: signal.raise_signal(signal.SIGINT))
    except KeyboardInterrupt:
        print(f"stopped at step {run.step}", flush=True)
    processes._interrupted.clear()
    until_the_second(run, "step 10", lambda: os.kill(os.getpid(), SUDDENLY))


def until_the_second(run: Training, step: str, does: Callable[[], None]) -> None:
    """The second process does so at this step."""
    def watch(line: str) -> None:
        if line.startswith(step) and not run.processes.is_first:
            does()

    run.run(lambda line: None, watch)


if __name__ == "__main__":
    torch.set_num_threads(1)
    with joined_processes() as together:
        be_refused(together)
        learn(Path(sys.argv[1]), together)
