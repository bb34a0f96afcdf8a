"""`train lifter`: trains the network on prepared motion and, if there is one, on a bank of real detections."""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from backend.command_line.make_folder import make_folder
from backend.command_line.screen_line import ScreenLine
from motion.job import DONE
from motion.refusal import Refusal

if TYPE_CHECKING:
    from backend.lift.network.configuration import LifterConfiguration
    from backend.train.bank.bank_batches import BankBatches
    from backend.train.batches import Batch
    from backend.train.lifter.checkpoint import Checkpoint
    from backend.train.lifter.trainer import Batchwise, Training
    from backend.train.motions.training_clip import TrainingClip
    from backend.train.part import Part
    from backend.train.processes import Processes

T = TypeVar("T")
VALIDATION_BATCHES, GUESS_BATCHES = 4, 12
_VALIDATION_SEED = 7_000


def add_lifter_options(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Train a lifter. Every 500 steps the mean of its latest weights is measured on subjects that "
                          "it does not learn from, in mm before and after the best similarity, and the files in --out "
                          "are written anew. Ctrl+C loses nothing.")  # fmt: skip
    parser.add_argument("prepared", type=Path, nargs="+", metavar="FILE",
                        help="what `train prepare` made, and `train variety` after it")  # fmt: skip
    parser.add_argument("--configuration", metavar="NAME",
                        help="cpu, gpu, or a JSON file of your own (default cpu, or the resume file's)")  # fmt: skip
    parser.add_argument("--bank", type=Path, metavar="FOLDER", help="what `train bank` made")
    parser.add_argument("--bank-share", type=float, default=25.0, metavar="PERCENT",
                        help="of the batches that are taken from the bank (default %(default)g)")  # fmt: skip
    parser.add_argument("--data-share", type=float, default=100.0, metavar="PERCENT",
                        help="of the clips to learn from, to see what more would bring (default %(default)g)"
                        )  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("training"), metavar="FOLDER",
                        help="where lifter, resume file, log and curves go (default %(default)s)")  # fmt: skip
    parser.add_argument("--resume", type=Path, metavar="FILE",
                        help="go on from this resume.npz, with its seed; minutes and steps count from there"
                        )  # fmt: skip
    parser.add_argument("--minutes", type=float, default=math.inf, help="train so long at most (default: no end)")
    parser.add_argument("--steps", type=int, default=100_000, help="and so many batches (default %(default)s)")
    parser.add_argument("--batch", type=int, default=24, help="windows a batch (default %(default)s)")
    parser.add_argument("--frames", type=int, default=64, help="frames a window (default %(default)s)")
    parser.add_argument("--rate", type=float, default=1.5e-3, help="learning rate (default %(default)g)")
    parser.add_argument("--seed", type=int, default=0, help="of all chance (default %(default)s)")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default %(default)s)")


def train_lifter(options: argparse.Namespace) -> int:
    """Train until steps or minutes are used up. Returns the exit code.

    Raises Refusal for numbers out of range, files that are not what they should be, a resume file of another
    configuration, and a folder that holds another run or cannot be written.
    """
    from backend.train.processes import joined_processes

    with joined_processes() as processes:
        processes.agreed(lambda: _check(options, processes))
        line = _Talk(sys.stderr, processes.is_first)
        line.show("Reading what there is to learn from ...")
        training = opened_training(options, processes)
        _run(training, line)
    return DONE


def _run(training: Training, line: _Talk) -> None:
    from backend.train.lifter.curves import draw_curves
    from backend.train.lifter.trainer import LIFTER_FILE, RESUME_FILE

    try:
        training.run(line.say, line.show)
    except KeyboardInterrupt:
        line.say(f"Stopped at step {training.step}. To go on: the same command with "
                 f"--resume {training.folder / RESUME_FILE}")  # fmt: skip
        raise
    if training.processes.is_first:
        curves = draw_curves(training.folder)
        line.say(f"{training.folder / LIFTER_FILE} is ready; {curves} shows how it came about.")


_RANGES: Mapping[str, tuple[float, float]] = {
    "bank_share": (0, 100), "data_share": (0, 100), "minutes": (0.01, math.inf), "steps": (1, math.inf),
    "batch": (1, 10_000), "frames": (2, 10_000), "rate": (0, 1)}  # fmt: skip


def check_numbers(options: argparse.Namespace, ranges: Mapping[str, tuple[float, float]]) -> None:
    """Raises Refusal for an option that is not between the least and the most that it can be."""
    for name, (least, most) in ranges.items():
        value, option = getattr(options, name), f"--{name.replace('_', '-')}"
        if not least <= value <= most:
            above = "or more" if most == math.inf else f"to {most:g}"
            raise Refusal("bad-option", f"{option} cannot be {value:g}.", f"Choose {least:g} {above}.")


def _check(options: argparse.Namespace, processes: Processes) -> None:
    check_numbers(options, _RANGES)
    processes.part(options.batch)
    processes.device(options.device)
    if processes.is_first:
        _check_out(options)


def _check_out(options: argparse.Namespace) -> None:
    """Hours of training shall not be written over by who forgets to say --resume."""
    from backend.train.lifter.trainer import RESUME_FILE

    kept = options.out / RESUME_FILE
    make_folder(options.out)
    if kept.exists() and options.resume is None:
        raise Refusal("training-exists", f"{options.out} holds a training run already.",
                      f"Go on with it by --resume {kept}, or choose another --out.")  # fmt: skip


class _Talk:
    """Lines that stay, on standard output, and one that is written over on a screen; nothing unless it speaks."""

    def __init__(self, stream: TextIO, speaks: bool = True) -> None:
        self._line, self._speaks = ScreenLine(stream), speaks

    def show(self, text: str) -> None:
        if self._speaks:
            self._line.over(text)

    def say(self, text: str) -> None:
        self.show("")
        if self._speaks:
            print(text, flush=True)


def opened_training(options: argparse.Namespace, processes: Processes) -> Training:
    """The run that the options ask for, not yet begun."""
    import torch

    from backend.lift.network.lifter import Lifter
    from backend.train.lifter.checkpoint import read_checkpoint
    from backend.train.lifter.first_guess import fit_first_guess
    from backend.train.lifter.skeletons import fit_skeletons
    from backend.train.lifter.trainer import Training
    from backend.train.train_settings import TrainSettings

    device = processes.device(options.device)
    checkpoint = processes.from_first(lambda: read_checkpoint(options.resume)) if options.resume else None
    wanted = processes.agreed(lambda: _configuration(options.configuration, checkpoint))
    learned, rows, validation = processes.agreed(lambda: opened_batches(options, device, processes))
    processes.check_alike(_told_apart_by(options, device, wanted, rows))
    torch.manual_seed(options.seed)
    lifter = Lifter(wanted)
    settings = TrainSettings(steps=options.steps, minutes=options.minutes, rate=options.rate)
    if not checkpoint:
        fit_skeletons(lifter, learned)
        fit_first_guess(lifter, (next(rows) for _ in range(GUESS_BATCHES)), processes.summed)
    training = Training(lifter, rows, validation, settings, options.out, device, processes)
    if checkpoint:
        processes.agreed(lambda: training.restore(checkpoint))
    return training


def _told_apart_by(options: argparse.Namespace, device: str, wanted: LifterConfiguration, rows: Batchwise) -> str:
    """What processes must have in common to learn the same, as a short name."""
    numbers = [getattr(options, name) for name in (*_RANGES, "seed")]
    said = repr((numbers, device.partition(":")[0], wanted, rows.lengths()))
    return hashlib.sha256(said.encode()).hexdigest()


def opened_batches(
    options: argparse.Namespace, device: str, processes: Processes | None = None
) -> tuple[list[TrainingClip], Batchwise, dict[str, list[Batch]]]:
    """The clips to learn from, their batches, and those to be validated on by the name of their kind.

    Each process has its part of the batches; the first alone validates.
    """
    from backend.train.batches import Batches, BatchSettings
    from backend.train.errors.learned import read_learned
    from backend.train.lifter.trainer import Batchwise
    from backend.train.processes import ALONE

    processes = processes or ALONE
    learned, kept = read_splits(options.prepared)
    split_of = {clip.origin.name: clip.origin.split for clip in (*learned, *kept)}
    learned = _share_of(learned, options.data_share)
    size, bank_share = BatchSettings(options.batch, options.frames), options.bank_share if options.bank else 0.0
    part = processes.part(options.batch)
    rows = [(Batches(learned, read_learned().to(device), size, device, options.seed, part), 100.0 - bank_share)]
    unseen = {"dev": Batches(kept, read_learned(wider=0.0).to(device), size, device, _VALIDATION_SEED)}
    if options.bank:
        bank, unseen["bank"] = _bank(options, split_of, device, part)
        rows.append((bank, bank_share))
    validation = {name: [batches.batch(number) for number in range(VALIDATION_BATCHES)]
                  for name, batches in unseen.items() if processes.is_first}  # fmt: skip
    return learned, Batchwise(rows), validation


def read_splits(prepared: Sequence[Path]) -> tuple[list[TrainingClip], list[TrainingClip]]:
    """Clips to learn from, and those to be validated on. Raises Refusal where there are none of either."""
    from backend.train.motions.prepared import read_prepared

    clips = [clip for path in prepared for clip in read_prepared(path)]
    learned, kept = ([clip for clip in clips if clip.origin.split == split] for split in ("train", "dev"))
    if not learned or not kept:
        names, lacking = " and ".join(map(str, prepared)), "to validate on" if learned else "to learn from"
        raise Refusal("no-training-clips", f"There are no clips {lacking} in {names}.",
                      "Name subjects for train and dev in backend/train/motions/split.csv, and prepare anew.")
    return learned, kept


def _share_of(clips: list[T], percent: float) -> list[T]:
    """So many of them, evenly spread."""
    count = max(1, round(len(clips) * percent / 100.0))
    return [clips[number * len(clips) // count] for number in range(count)]


def _bank(
    options: argparse.Namespace, split_of: dict[str, str], device: str, part: Part
) -> tuple[BankBatches, BankBatches]:
    """Real detections of recordings to learn from, and of those to be validated on."""
    from backend.train.bank.bank_batches import BankBatches
    from backend.train.bank.bank_clip import read_bank

    if not options.bank.is_dir():
        raise Refusal("no-bank", f"There is no folder {options.bank}.", "Make it with python -m backend train bank.")
    clips = [clip for clip in read_bank(options.bank) if clip.motion is not None]
    learned, kept = ([clip for clip in clips if split_of.get(clip.origin.recording) == split]
                     for split in ("train", "dev"))  # fmt: skip
    if not learned or not kept:
        lacking = "to validate on" if learned else "to learn from"
        raise Refusal("no-bank", f"Of the recordings in {options.prepared[0]} {options.bank} holds none {lacking}.",
                      "Make more detections with python -m backend train bank, of the same recordings.")
    learned = _share_of(learned, options.data_share)
    return (BankBatches(learned, options.batch, options.frames, device, options.seed, part),
            BankBatches(kept, options.batch, options.frames, device, _VALIDATION_SEED))  # fmt: skip


def _configuration(name: str | None, checkpoint: Checkpoint | None) -> LifterConfiguration:
    """Of this name or in this file; where none is given, that of the checkpoint or else the CPU's."""
    from backend.lift.network.configuration import FOLDER, read_configuration

    if name is None and checkpoint:
        return checkpoint.configuration
    name = name or "cpu"
    path = FOLDER / f"{name}.json"
    return read_configuration(path if path.exists() else Path(name))
