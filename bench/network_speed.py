"""Lifting networks at equal input: milliseconds a frame and peak memory on 243 frames, random weights, in one run.

Detection and everything else of a capture is not in it. Only ratios of one run mean something. PoseMamba scans 4,131
tokens four times in each block, one step after the other: on a CPU that is nearly all of its time (a minute of two
cores for its three sizes together).
"""

from __future__ import annotations

import argparse
from typing import Any

from backend.device import DEVICE_SETTINGS, choose_device
from bench.lifting_networks import NAMES, OURS
from bench.own_process import measured_apart
from bench.tables import machine_line, print_table, write_figures

COLUMNS = ("parameters", "ms_per_frame", "cpu_ms_per_frame", "peak_mb")
# What else the machine does lengthens the time by the clock, not that of the processor.
TIMES = {"cpu": "cpu_ms_per_frame", "cuda": "ms_per_frame"}


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", choices=DEVICE_SETTINGS, default="auto")
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NETWORK", help=f"not all of {', '.join(NAMES)}")


def main(options: argparse.Namespace) -> int:
    """`build.py bench network_speed`."""
    device = choose_device(options.device)
    names = options.only or NAMES
    figures = beside({name: _one_run(name, device) for name in names}, TIMES[device])
    ratios = [f"{measure} / {ours}" for ours in OURS if ours in figures for measure in ("time", "memory")]
    print_table(("network", *COLUMNS, *ratios), [
        (name, *(row[column] for column in COLUMNS), *(row["ratios"][each] for each in ratios))
        for name, row in figures.items()])  # fmt: skip
    print(f"{device}; {machine_line()}")
    write_figures(options.json, {"device": device, "networks": figures})
    return 0


def beside(figures: dict[str, dict[str, float]], time: str) -> dict[str, dict[str, Any]]:
    """Each network's figures with their ratios to ours."""
    def ratios(row: dict[str, float]) -> dict[str, float]:
        pairs = (("time", time), ("memory", "peak_mb"))
        return {f"{measure} / {ours}": row[column] / figures[ours][column]
                for ours in OURS if ours in figures for measure, column in pairs}  # fmt: skip

    return {name: {**row, "ratios": ratios(row)} for name, row in figures.items()}


def _one_run(name: str, device: str) -> dict[str, float]:
    return measured_apart("-m", "bench.one_network", name, device)
