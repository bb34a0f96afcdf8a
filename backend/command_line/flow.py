"""`train windows` and `train flow`: what the flow learns from, and the flow."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from backend.command_line.count_line import CountLine
from motion.job import DONE
from motion.refusal import Refusal
from motion.whole_files import unwritable

LEARNED, KEPT = "train", "dev"
_VALIDATION_WINDOWS, _WINDOWS_A_BATCH = 48, 24


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
    """Returns the exit code. Raises Refusal for files that are not what they should be and a disk that refuses."""
    from backend.command_line.lifter import opened_batches
    from backend.lift.network.lift_network import shipped_lifter
    from backend.train.hypotheses.make_windows import make_windows

    _make_folder(options.out)
    options.batch, options.data_share = _WINDOWS_A_BATCH, 100.0
    _, rows, validation = opened_batches(options, "cpu")
    kept = [batch for batches in validation.values() for batch in batches]
    make_windows(iter(kept), shipped_lifter(), sys.maxsize, options.out, KEPT, lambda made: None)
    with CountLine(sys.stderr, "Windows", options.windows) as line:
        make_windows(iter(rows), shipped_lifter(), options.windows, options.out, LEARNED, line.show)
    print(f"{options.out} holds {options.windows:,} windows or more.")
    return DONE


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
    """Train until steps or minutes are used up. Returns the exit code. Raises Refusal as make_windows_of does."""
    import torch

    from backend.device import choose_device
    from backend.hypotheses.configuration import FlowConfiguration
    from backend.hypotheses.flow import Flow
    from backend.hypotheses.weights import read_flow
    from backend.train.hypotheses.lifted_windows import read_windows
    from backend.train.hypotheses.trainer import FLOW_FILE, FlowBatches, FlowTraining
    from backend.train.hypotheses.window_batches import fit_units, window_batches
    from backend.train.lifter.trainer import TrainSettings

    _make_folder(options.out)
    torch.manual_seed(options.seed)
    learned, kept = (read_windows(_files(options.windows, name)) for name in (LEARNED, KEPT))
    flow = read_flow(options.resume).train().requires_grad_(True) if options.resume else Flow(FlowConfiguration())
    if not options.resume:
        fit_units(flow, learned)
    device = choose_device(options.device)
    validation = window_batches(kept, _VALIDATION_WINDOWS, _WINDOWS_A_BATCH, flow.to(device), device)
    settings = TrainSettings(steps=options.steps, minutes=options.minutes, every=1000)
    training = FlowTraining(flow, learned, validation, settings, FlowBatches(), options.out, device, options.seed)
    training.run(lambda line: print(line, flush=True))
    print(f"{options.out / FLOW_FILE} is ready.")
    return DONE


def _files(folder: Path, name: str) -> list[Path]:
    found = sorted(folder.glob(f"{name}_*.npz"))
    if not found:
        raise Refusal("no-windows", f"{folder} holds no windows.", "Make them with python -m backend train windows.")
    return found


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
