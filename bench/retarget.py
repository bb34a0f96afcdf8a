"""How near characters of every family come to the motion, and how long that takes beside Blender's own bake."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.data import ROOT
from bench.tables import machine_line, print_table, write_figures
from motion.places import environment_folder, environment_python
from motion.refusal import Refusal

_ACCURACY = {
    "limb_error_median_deg": "limbs °, median", "limb_error_deg": "worst",
    "limb_error_solved_deg": "legs solved °, worst",
    "foot_sliding_mean_mm": "slide mm a frame, mean", "foot_sliding_mm": "worst",
}   # fmt: skip
_TIMES = {"bones": "bones", "ms_per_1000": "ms per 1,000 frames", "bake_ms_per_1000": "nla.bake", "bake_over_ours": "×"}


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", metavar="NAME", action="append", default=[], help="this character, may be repeated")
    parser.add_argument("--blender", default="5.2", help="the version of bpy to measure in, default %(default)s")


def main(options: argparse.Namespace) -> int:
    """`build.py bench retarget`."""
    runs = list(_runs(_python(options.blender), options.only))
    for source in dict.fromkeys(name for run in runs for name in run["sources"]):
        print(f"\n{source}")
        _print(_ACCURACY, {run["name"]: run["sources"][source] for run in runs})
    print("\ntimes, in one process")
    _print(_TIMES, {run["name"]: run for run in runs})
    print(f"\n{machine_line()}, bpy {options.blender}")
    write_figures(options.json, {"rigs": {run.pop("name"): run for run in runs}})
    return 0


def _print(columns: Mapping[str, str], rows: Mapping[str, Mapping[str, Any]]) -> None:
    cells = [(name, *(row[key] for key in columns)) for name, row in rows.items()]
    print_table(("character", *columns.values()), cells)


def _python(version: str) -> Path:
    """The interpreter of an environment with bpy. Raises Refusal when there is none."""
    found = [environment_python(folder) for folder in environment_folder("").glob(f"bpy-{version}*")]
    for python in found:
        if python.exists():
            return python
    raise Refusal("no-bpy", f"There is no environment with bpy {version}.",
                  "Make them with python3 build.py develop, or choose another with --blender.")  # fmt: skip


def _runs(python: Path, only: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The figures of one character after another, as the process in Blender prints them."""
    command = [str(python), "bench/retarget_in_blender.py", *only]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.startswith("{"):
                run = json.loads(line)
                print(run["name"], file=sys.stderr, flush=True)
                yield run
    if process.returncode:
        raise Refusal("bench-failed", f"Blender's Python ended with {process.returncode}.", "What it said is above.")
