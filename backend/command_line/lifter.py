"""`train lifter`: trains the network on prepared motion and, if there is one, on a bank of real detections."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from motion.refusal import Refusal

if TYPE_CHECKING:
    from backend.lift.network.configuration import LifterConfiguration
    from backend.train.bank.bank_batches import BankBatches
    from backend.train.batches import Batch
    from backend.train.lifter.trainer import Batchwise, Training

T = TypeVar("T")
VALIDATION_BATCHES, GUESS_BATCHES = 4, 12
_VALIDATION_SEED = 7_000


def add_lifter_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prepared", type=Path, nargs="+", metavar="FILE",
                        help="what `train prepare` made, and `train variety` after it")  # fmt: skip
    parser.add_argument("--configuration", default="cpu", metavar="NAME",
                        help="cpu, gpu, or a JSON file of your own (default %(default)s)")  # fmt: skip
    parser.add_argument("--bank", type=Path, metavar="FOLDER", help="what `train bank` made")
    parser.add_argument("--bank-share", type=float, default=25.0, metavar="PERCENT",
                        help="of the batches that are taken from the bank (default %(default)g)")  # fmt: skip
    parser.add_argument("--data-share", type=float, default=100.0, metavar="PERCENT",
                        help="of the clips to learn from, to see what more would bring (default %(default)g)")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("training"), metavar="FOLDER",
                        help="where lifter, resume file, log and curves go (default %(default)s)")  # fmt: skip
    parser.add_argument("--resume", type=Path, metavar="FILE", help="go on from this resume.npz")
    parser.add_argument("--minutes", type=float, default=math.inf, help="train so long at most")
    parser.add_argument("--steps", type=int, default=100_000, help="and so many batches (default %(default)s)")
    parser.add_argument("--batch", type=int, default=24, help="windows a batch (default %(default)s)")
    parser.add_argument("--frames", type=int, default=64, help="frames a window (default %(default)s)")
    parser.add_argument("--rate", type=float, default=1.5e-3, help="learning rate (default %(default)g)")
    parser.add_argument("--seed", type=int, default=0, help="of all chance (default %(default)s)")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default %(default)s)")


def train_lifter(options: argparse.Namespace) -> int:
    """Train until steps or minutes are used up. Returns the exit code.

    Raises Refusal for files that are not what they should be, and a resume file of another configuration.
    """
    from backend.train.lifter.curves import draw_curves

    training = opened_training(options)
    training.run(lambda line: print(line, flush=True))
    draw_curves(training.folder)
    return 0


def opened_training(options: argparse.Namespace) -> Training:
    """The run that the options ask for, not yet begun."""
    import torch

    from backend.device import choose_device
    from backend.lift.network.lifter import Lifter
    from backend.train.lifter.checkpoint import read_checkpoint
    from backend.train.lifter.first_guess import fit_first_guess
    from backend.train.lifter.trainer import Training, TrainSettings

    device = choose_device(options.device)
    torch.manual_seed(options.seed)
    rows, validation = opened_batches(options, device)
    checkpoint = read_checkpoint(options.resume) if options.resume else None
    lifter = Lifter(checkpoint.configuration if checkpoint else _configuration(options.configuration))
    settings = TrainSettings(steps=options.steps, minutes=options.minutes, rate=options.rate, seed=options.seed)
    if checkpoint is None:
        fit_first_guess(lifter, (next(rows) for _ in range(GUESS_BATCHES)))
    training = Training(lifter, rows, validation, settings, options.out, device)
    if checkpoint is not None:
        training.restore(checkpoint)
    return training


def opened_batches(options: argparse.Namespace, device: str) -> tuple[Batchwise, dict[str, list[Batch]]]:
    """The batches to learn from, and those to be validated on by the name of their kind."""
    from backend.train.batches import Batches, BatchSettings
    from backend.train.errors.learned import read_learned
    from backend.train.lifter.trainer import Batchwise
    from backend.train.motions.prepared import read_prepared

    clips = [clip for path in options.prepared for clip in read_prepared(path)]
    learned, kept = ([clip for clip in clips if clip.origin.split == split] for split in ("train", "dev"))
    if not learned or not kept:
        raise Refusal("no-training-clips", f"{options.prepared[0]} holds no clips for training and validation.",
                      "Make it with python -m backend train prepare FOLDER.")  # fmt: skip
    learned = _share_of(learned, options.data_share)
    size = BatchSettings(options.batch, options.frames)
    rows = [(Batches(learned, read_learned(), size, device, options.seed), 100.0 - options.bank_share)]
    unseen = Batches(kept, read_learned(wider=0.0), size, device, _VALIDATION_SEED)
    validation = {"dev": [unseen.batch(number) for number in range(VALIDATION_BATCHES)]}
    if options.bank:
        bank, bank_kept = _bank(options, {clip.origin.name: clip.origin.split for clip in clips}, device)
        rows.append((bank, options.bank_share))
        validation["bank"] = [bank_kept.batch(number) for number in range(VALIDATION_BATCHES)]
    return Batchwise(rows), validation


def _share_of(clips: list[T], percent: float) -> list[T]:
    """So many of them, evenly spread."""
    count = max(1, round(len(clips) * percent / 100.0))
    return [clips[number * len(clips) // count] for number in range(count)]


def _bank(options: argparse.Namespace, split_of: dict[str, str], device: str) -> tuple[BankBatches, BankBatches]:
    """Real detections of recordings to learn from, and of those to be validated on."""
    from backend.train.bank.bank_batches import BankBatches
    from backend.train.bank.bank_clip import read_bank

    clips = [clip for clip in read_bank(options.bank) if clip.motion is not None]
    learned, kept = ([clip for clip in clips if split_of.get(clip.origin.recording) == split]
                     for split in ("train", "dev"))  # fmt: skip
    if not learned or not kept:
        raise Refusal("no-bank", f"{options.bank} holds no detections of the recordings in {options.prepared[0]}.",
                      "Make some with python -m backend train bank.")  # fmt: skip
    learned = _share_of(learned, options.data_share)
    return (BankBatches(learned, options.batch, options.frames, device, options.seed),
            BankBatches(kept, options.batch, options.frames, device, _VALIDATION_SEED))  # fmt: skip


def _configuration(name: str) -> LifterConfiguration:
    from backend.lift.network.configuration import FOLDER, read_configuration

    path = FOLDER / f"{name}.json"
    return read_configuration(path if path.exists() else Path(name))
