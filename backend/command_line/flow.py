"""`train windows` and `train flow`: what the flow learns from, and the flow."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from backend.command_line.count_line import CountLine
from backend.command_line.lifter import check_numbers, opened_batches
from backend.command_line.make_folder import make_folder
from motion.job import DONE
from motion.refusal import Refusal

if TYPE_CHECKING:
    from backend.train.batches import Batch
    from backend.train.hypotheses.lifted_windows import LiftedWindows

SIMULATED, REAL, KEPT = "simulated", "real", "kept"   # the beginnings of the files' names
_VALIDATION_WINDOWS, _WINDOWS_A_BATCH = 96, 24
_FEWEST_FRAMES = 20   # lifted_windows.FEWEST_SEEN, which cannot be asked for where numpy is not installed
_RANGES = {"bank_share": (0, 100), "windows": (1, math.inf), "frames": (_FEWEST_FRAMES, 10_000)}
_FLOW_RANGES = {"minutes": (0.01, math.inf), "steps": (1, math.inf)}


def add_windows_options(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Lift windows of motion as a detector would see them with the shipped lifter, and keep what "
                          "was wrong: what a flow learns from.")  # fmt: skip
    parser.add_argument("prepared", type=Path, nargs="+", metavar="FILE",
                        help="what `train prepare` made, and `train variety` after it")  # fmt: skip
    parser.add_argument("--bank", type=Path, metavar="FOLDER", help="what `train bank` made")
    parser.add_argument("--bank-share", type=float, default=30.0, metavar="PERCENT",
                        help="of the windows that are taken from the bank (default %(default)g)")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("windows"), metavar="FOLDER",
                        help="where they go, 250 kB each (default %(default)s)")  # fmt: skip
    parser.add_argument("--windows", type=int, default=12_000, help="how many to learn from (default %(default)s)")
    parser.add_argument("--frames", type=int, default=96, help="frames a window (default %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of all chance (default %(default)s)")


def make_windows_of(options: argparse.Namespace) -> int:
    """Windows of simulated detections, of real ones where there is a bank, and some of either to validate on, each in
    files of their own. Returns the exit code.

    Raises Refusal for numbers out of range, files that are not what they should be, a folder that holds windows
    already, and a disk that refuses.
    """
    check_numbers(options, _RANGES)
    make_folder(options.out)
    if any(options.out.glob("*.npz")):
        raise Refusal("windows-exist", f"{options.out} holds windows already.", "Choose another --out.")
    real = round(options.windows * options.bank_share / 100.0) if options.bank else 0
    made = 0
    with CountLine(sys.stderr, "Windows", options.windows) as line:
        for name, count in ((SIMULATED, options.windows - real), (REAL, real)):
            if count:
                made += _make_kind(options, name, count, line, made)
    print(f"{options.out} holds {made:,} windows to learn from.")
    return DONE


def _make_kind(options: argparse.Namespace, name: str, count: int, line: CountLine, before: int) -> int:
    """Returns how many there are to learn from; `before` are there already of another kind."""
    from backend.lift.network.lift_network import shipped_lifter
    from backend.train.hypotheses.make_windows import make_windows

    learned, kept = _batches_of(options, name)
    make = partial(make_windows, lifter=shipped_lifter(), folder=options.out)
    make(kept, count=sys.maxsize, name=f"{KEPT}_{name}", report=lambda made: None)
    return make(learned, count=count, name=name, report=lambda made: line.show(min(before + made, options.windows)))


def _batches_of(options: argparse.Namespace, name: str) -> tuple[Iterator[Batch], Iterator[Batch]]:
    """To learn from, without end, and to validate on."""
    bank = options.bank if name == REAL else None
    wanted = vars(options) | {"bank": bank, "bank_share": 100.0, "batch": _WINDOWS_A_BATCH, "data_share": 100.0}
    _, learned, kept = opened_batches(argparse.Namespace(**wanted), "cpu")
    return learned, iter(kept["bank" if bank else "dev"])


def add_flow_options(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Train the flow that other poses are drawn from. Every 1,000 steps the mean of its latest "
                          "weights is measured on subjects that it does not learn from, and written to --out."
                          )  # fmt: skip
    parser.add_argument("windows", type=Path, metavar="FOLDER", help="what `train windows` made")
    parser.add_argument("--out", type=Path, default=Path("flow"), metavar="FOLDER",
                        help="where flow and log go (default %(default)s)")  # fmt: skip
    parser.add_argument("--resume", type=Path, metavar="FILE", help="go on from the weights of this flow.npz")
    parser.add_argument("--minutes", type=float, default=math.inf, help="train so long at most (default: no end)")
    parser.add_argument("--steps", type=int, default=20_000, help="and so many batches (default %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of all chance (default %(default)s)")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default %(default)s)")


def train_flow(options: argparse.Namespace) -> int:
    """Train until steps or minutes are used up. Returns the exit code.

    Raises Refusal for numbers out of range, files that are not what they should be, and a disk that refuses.
    """
    import torch

    from backend.device import choose_device
    from backend.hypotheses.configuration import FlowConfiguration
    from backend.hypotheses.flow import Flow
    from backend.hypotheses.weights import read_flow
    from backend.train.hypotheses.trainer import FLOW_FILE, FlowBatches, FlowTraining
    from backend.train.hypotheses.window_batches import fit_units, window_batches
    from backend.train.train_settings import TrainSettings

    check_numbers(options, _FLOW_RANGES)
    make_folder(options.out)
    torch.manual_seed(options.seed)
    learned, kept = _windows_in(options.windows)
    flow = read_flow(options.resume).train().requires_grad_(True) if options.resume else Flow(FlowConfiguration())
    if not options.resume:
        fit_units(flow, learned[0])
    device = choose_device(options.device)
    validation = window_batches(kept, _VALIDATION_WINDOWS, _WINDOWS_A_BATCH, flow.to(device), device)
    settings = TrainSettings(steps=options.steps, minutes=options.minutes, every=1000)
    training = FlowTraining(flow, learned, validation, settings, FlowBatches(), options.out, device, options.seed)
    training.run(lambda line: print(line, flush=True))
    print(f"{options.out / FLOW_FILE} is ready.")
    return DONE


def _windows_in(folder: Path) -> tuple[list[LiftedWindows], LiftedWindows]:
    """To learn from, of simulated detections and of real ones if there are any, and to validate on."""
    paths = {name: sorted(folder.glob(f"{name}_*.npz")) for name in (SIMULATED, REAL, KEPT)}
    learned = [paths[name] for name in (SIMULATED, REAL) if paths[name]]
    if not learned or not paths[KEPT]:
        raise Refusal("no-windows", f"{folder} holds no windows to {'validate on' if learned else 'learn from'}.",
                      "Make them with python -m backend train windows.")  # fmt: skip
    from backend.train.hypotheses.lifted_windows import read_windows

    return [read_windows(of_kind) for of_kind in learned], read_windows(paths[KEPT])
