"""The published lifters on the data sets that they report, when a user has them.

    python -m bench published --network pose_mamba_s --checkpoint FILE --human36m FILE
    python -m bench published --network mdtf_tiny --checkpoint FILE --bones FILE --human36m FILE

Both data sets are licensed and not shipped; `python -m bench.converted_pickle` makes plain arrays of their files.
Human3.6M has 566,920 test frames: minutes on a GPU, many hours on a CPU.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch

from backend.device import DEVICE_SETTINGS, choose_device
from backend.lift.published.checkpoints import load_published
from backend.lift.published.mdtf import Mdtf
from backend.lift.published.networks import NAMES, Published, build
from backend.lift.published.skeleton17 import HUMAN36M, MPI_INF_3DHP, Skeleton17
from bench import human36m, mpi_inf_3dhp
from bench.tables import machine_line, print_table, write_figures
from motion.refusal import Refusal

COLUMNS = ("p1_mm", "p2_mm", "pck", "auc", "frames")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--network", choices=NAMES, default="pose_mamba_s")
    parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="the authors' weights; random ones without it")
    parser.add_argument("--bones", type=Path, metavar="FILE", help="for mdtf: the weights of its first stage")
    parser.add_argument("--human36m", type=Path, metavar="FILE", help="h36m_sh_conf_cam_source_final, converted")
    parser.add_argument("--mpi-inf-3dhp", type=Path, metavar="FILE", help="data_test_3dhp, converted")
    parser.add_argument("--frames", type=int, metavar="N", help="of a window (default: as published, 243 and 81)")
    parser.add_argument("--device", choices=DEVICE_SETTINGS, default="auto")


def main(options: argparse.Namespace) -> int:
    """`python -m bench published`."""
    if options.human36m is None and options.mpi_inf_3dhp is None:
        raise Refusal("no-data", "No data set was named.", "Name one by --human36m FILE or --mpi-inf-3dhp FILE.")
    device = choose_device(options.device)
    figures: dict[str, Any] = {"network": options.network, "trained": options.checkpoint is not None, "sets": {}}
    if options.human36m is not None:
        frames = options.frames or human36m.CLIP_FRAMES
        data = human36m.read_human36m(options.human36m)
        network = _network(options, frames, HUMAN36M, device)
        figures["sets"]["human36m"] = human36m.evaluate(network, data, device, frames)
    if options.mpi_inf_3dhp is not None:
        frames = options.frames or mpi_inf_3dhp.WINDOW_FRAMES
        sequences = mpi_inf_3dhp.read_mpi_inf_3dhp(options.mpi_inf_3dhp)
        network = _network(options, frames, MPI_INF_3DHP, device)
        figures["sets"]["mpi_inf_3dhp"] = mpi_inf_3dhp.evaluate(network, sequences, device, frames)
    _print(figures)
    write_figures(options.json, figures)
    return 0


def _network(options: argparse.Namespace, frames: int, skeleton: Skeleton17, device: str) -> Published:
    """Ready to evaluate. Raises Refusal when only one of MDTF's two stages has weights."""
    torch.manual_seed(0)
    network = build(options.network, frames, skeleton)
    if isinstance(network, Mdtf):
        if (options.checkpoint is None) != (options.bones is None):
            raise Refusal("half-trained", f"{options.network} has two files of weights, and one was named.",
                          "Name the lifter's by --checkpoint and the first stage's by --bones.")  # fmt: skip
        if options.checkpoint is not None:
            load_published(network.lifter, options.checkpoint)
            load_published(network.bones, options.bones)
    elif options.checkpoint is not None:
        load_published(network, options.checkpoint)
    return network.to(device).eval()


def _print(figures: dict[str, Any]) -> None:
    trained = "" if figures["trained"] else ", random weights: the figures say nothing about it"
    print(f"{figures['network']}{trained}")
    rows = []
    for name, found in figures["sets"].items():
        parts = found.get("actions") or found["sequences"]
        rows += [(name, part, *(row.get(column) for column in COLUMNS)) for part, row in parts.items()]
        rows.append((name, "mean", *(found.get(column) for column in COLUMNS)))
    print_table(("set", "part", *COLUMNS), rows)
    print(machine_line())
