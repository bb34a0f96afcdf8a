"""What `train` does: a sub-command for each step from recordings to weights."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from motion.job import DONE
from motion.refusal import Refusal


@dataclass(frozen=True)
class Step:
    """One sub-command; `add_options` and `run` import what is heavy only when they are called."""

    name: str
    help: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    by_several: bool = False   # whether torchrun may start several processes for it

    def run_or_refuse(self, options: argparse.Namespace) -> int:
        """Raises Refusal, in the first process, where several would do and write the same."""
        count = int(os.environ.get("WORLD_SIZE", "1"))
        if self.by_several or count == 1:
            return self.run(options)
        if os.environ.get("RANK", "0") != "0":
            return DONE
        raise Refusal("one-process-only", f"{count} processes were started, and train {self.name} is the work of one.",
                      "Start it without torchrun.")  # fmt: skip


def add_steps(parser: argparse.ArgumentParser) -> None:
    """Give `parser` all steps."""
    commands = parser.add_subparsers(required=True, metavar="STEP")
    for step in STEPS:
        command = commands.add_parser(step.name, help=step.help)
        step.add_options(command)
        command.set_defaults(run=step.run_or_refuse)


def _add_prepare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER",
                        help="recordings: .bvh, .asf and .amc, .sk and .skm; loose, in sub-folders or in archives"
                        )  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="FILE", default=Path("prepared.npz"),
                        help="the file of prepared motion (default %(default)s)")  # fmt: skip
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="draw a picture of every clip there")
    parser.add_argument("--processes", type=int, default=2, help="how many work at a time (default %(default)s)")


def _prepare(options: argparse.Namespace) -> int:
    from backend.command_line.prepare import prepare_folder

    return prepare_folder(options.folder, options.out, options.report, options.processes)


def _add_variety(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prepared", type=Path, metavar="FILE", help="what `train prepare` made")
    parser.add_argument("--out", type=Path, metavar="FILE", default=Path("variety.npz"),
                        help="the file of new clips (default %(default)s)")  # fmt: skip
    parser.add_argument("--minutes", type=float, default=60.0, help="how much motion to make (default %(default)g)")
    parser.add_argument("--seed", type=int, default=0, help="of all chance (default %(default)s)")


def _variety(options: argparse.Namespace) -> int:
    from backend.command_line.variety import make_variety_of

    return make_variety_of(options.prepared, options.out, options.minutes, options.seed)


def _add_bank(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prepared", type=Path, metavar="FILE", help="what `train prepare` made")
    parser.add_argument("--out", type=Path, metavar="FOLDER", required=True, help="where the clips go, one file each")
    parser.add_argument("--detections", type=int, default=30_000, help="how many in all (default %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of all chance (default %(default)s)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default %(default)s)")


def _bank(options: argparse.Namespace) -> int:
    from backend.command_line.bank import make_bank_of

    return make_bank_of(options.prepared, options.out, options.detections, options.seed, options.device)


def _add_errors(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bank", type=Path, metavar="FOLDER", help="what `train bank` made")
    parser.add_argument("--out", type=Path, metavar="FILE", default=Path("detector_errors.npz"),
                        help="the fitted model (default %(default)s)")  # fmt: skip


def _errors(options: argparse.Namespace) -> int:
    from backend.command_line.bank import fit_errors_to

    return fit_errors_to(options.bank, options.out)


def _add_lifter(parser: argparse.ArgumentParser) -> None:
    from backend.command_line.lifter import add_lifter_options

    add_lifter_options(parser)


def _lifter(options: argparse.Namespace) -> int:
    from backend.command_line.lifter import train_lifter

    return train_lifter(options)


def _add_windows(parser: argparse.ArgumentParser) -> None:
    from backend.command_line.flow import add_windows_options

    add_windows_options(parser)


def _windows(options: argparse.Namespace) -> int:
    from backend.command_line.flow import make_windows_of

    return make_windows_of(options)


def _add_flow(parser: argparse.ArgumentParser) -> None:
    from backend.command_line.flow import add_flow_options

    add_flow_options(parser)


def _flow(options: argparse.Namespace) -> int:
    from backend.command_line.flow import train_flow

    return train_flow(options)


def _add_multiview(parser: argparse.ArgumentParser) -> None:
    from backend.command_line.multiview import add_multiview_options

    add_multiview_options(parser)


def _multiview(options: argparse.Namespace) -> int:
    from backend.command_line.multiview import train_multiview

    return train_multiview(options)


STEPS = (
    Step("prepare", "make training clips from recordings of motion capture", _add_prepare, _prepare),
    Step("variety", "make more training clips: limbs exchanged between clips, and motion that nobody did",
         _add_variety, _variety),
    Step("bank", "show the detector people that are drawn, and keep what it says", _add_bank, _bank),
    Step("errors", "fit the model of the detector's errors to a bank", _add_errors, _errors),
    Step("lifter", "train the network that lifts landmarks to bodies", _add_lifter, _lifter, by_several=True),
    Step("windows", "lift windows of motion, and keep what was wrong", _add_windows, _windows),
    Step("flow", "train the network that other poses are drawn from", _add_flow, _flow),
    Step("multiview", "train what lets several views meet in the lifter", _add_multiview, _multiview),
)  # fmt: skip
