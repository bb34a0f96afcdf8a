"""`train multiview`: trains what lets several views meet, on the single view's lifter that ships."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from backend.command_line.lifter import check_numbers, read_splits
from backend.command_line.make_folder import make_folder
from motion.job import DONE

if TYPE_CHECKING:
    from backend.multiview.fuse.network.multiview_lifter import MultiviewLifter
    from backend.train.motions.training_clip import TrainingClip
    from backend.train.multiview.take_batches import TakeBatch

_RANGES = {"minutes": (0.01, math.inf), "steps": (1, math.inf), "batch": (8, 10_000), "frames": (2, 10_000),
           "rate": (0, 1)}  # fmt: skip
_VALIDATED_VIEWS, _VALIDATION_BATCHES, _VALIDATION_SEED = (2, 3, 4), 3, 7_000


def add_multiview_options(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Train what lets the views of several cameras meet in the lifter that ships, whose own "
                          "weights stay. Every 250 steps the mean of the latest weights is measured on subjects that "
                          "it does not learn from, beside single views and triangulation, and written to --out."
                          )  # fmt: skip
    parser.add_argument("prepared", type=Path, nargs="+", metavar="FILE",
                        help="what `train prepare` made, and `train variety` after it")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("multiview"), metavar="FOLDER",
                        help="where weights and log go (default %(default)s)")  # fmt: skip
    parser.add_argument("--resume", type=Path, metavar="FILE", help="go on from the weights of this multiview.npz")
    parser.add_argument("--minutes", type=float, default=math.inf, help="train so long at most (default: no end)")
    parser.add_argument("--steps", type=int, default=20_000, help="and so many batches (default %(default)s)")
    parser.add_argument("--batch", type=int, default=24, help="views a batch, of all its takes (default %(default)s)")
    parser.add_argument("--frames", type=int, default=60, help="frames a take (default %(default)s)")
    parser.add_argument("--rate", type=float, default=1.5e-3, help="learning rate (default %(default)g)")
    parser.add_argument("--seed", type=int, default=0, help="of all chance (default %(default)s)")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default %(default)s)")


def train_multiview(options: argparse.Namespace) -> int:
    """Train until steps or minutes are used up. Returns the exit code.

    Raises Refusal for numbers out of range, files that are not what they should be, and a disk that refuses.
    """
    import torch

    from backend.device import choose_device
    from backend.train.multiview.trainer import WEIGHTS_FILE, MultiviewTraining
    from backend.train.train_settings import TrainSettings

    check_numbers(options, _RANGES)
    make_folder(options.out)
    torch.manual_seed(options.seed)
    device = choose_device(options.device)
    learned, kept = read_splits(options.prepared)
    batches, validation = _batches(options, learned, kept, device)
    settings = TrainSettings(options.steps, options.minutes, options.rate, warm_up_steps=100, mean_decay=0.995,
                             every=250)  # fmt: skip
    training = MultiviewTraining(_lifter(options.resume), batches, validation, settings, options.out, device)
    training.run(lambda line: print(line, flush=True))
    print(f"{options.out / WEIGHTS_FILE} is ready.")
    return DONE


def _lifter(resume: Path | None) -> MultiviewLifter:
    from backend.lift.network.weights import read_lifter
    from backend.multiview.fuse.network.multiview_lifter import MultiviewLifter
    from backend.multiview.fuse.network.weights import read_multiview_lifter

    if resume:
        lifter = read_multiview_lifter(resume)
        lifter.meetings.requires_grad_(True)
        return lifter
    lifter = MultiviewLifter(read_lifter())
    lifter.meetings.start_at_the_mean()
    return lifter


def _batches(
    options: argparse.Namespace, learned: list[TrainingClip], kept: list[TrainingClip], device: str
) -> tuple[Iterator[TakeBatch], dict[str, list[TakeBatch]]]:
    """To learn from, and to be validated on by the number of views, with a rig and without one."""
    from backend.train.errors.learned import read_learned
    from backend.train.multiview.found_rigs import RigErrors
    from backend.train.multiview.take_batches import TakeBatches, TakeSettings, only_views
    from backend.train.people import BatchSettings

    rows = BatchSettings(options.batch, options.frames)
    validation = {}
    for unknown in (0.0, 1.0):
        for views in _VALIDATED_VIEWS:
            settings = TakeSettings(rows, only_views(views), RigErrors(unknown_share=unknown))
            batches = TakeBatches(kept, read_learned(wider=0.0).to(device), settings, device, _VALIDATION_SEED)
            validation[f"{views}{' without a rig' if unknown else ''}"] = [
                batches.batch(number) for number in range(_VALIDATION_BATCHES)]  # fmt: skip
    errors = read_learned().to(device)
    return iter(TakeBatches(learned, errors, TakeSettings(rows), device, options.seed)), validation
