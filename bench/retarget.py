"""How near characters of every family come to the motion, and how long that takes beside Blender's own bake."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.data import ROOT
from bench.tables import machine_line, print_table, write_figures
from motion.places import environment_folder, environment_python
from motion.refusal import Refusal

_COLUMNS = {
    "bones": "bones", "limb_error_median_deg": "limbs off, median", "limb_error_deg": "worst °",
    "limb_error_solved_deg": "legs solved, worst °", "foot_sliding_mean_mm": "slide mm, mean",
    "foot_sliding_mm": "worst", "ms_per_1000": "ms per 1000", "bake_ms_per_1000": "bake ms",
    "bake_over_ours": "bake / ours",
}   # fmt: skip


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", metavar="NAME", action="append", default=[], help="this character, may be repeated")
    parser.add_argument("--blender", default="5.2", help="the version of bpy to measure in, default %(default)s")


def main(options: argparse.Namespace) -> int:
    """`build.py bench retarget`."""
    runs = list(_runs(_python(options.blender), options.only))
    for source in dict.fromkeys(name for run in runs for name in run["sources"]):
        print(f"\n{source}")
        rows = [(run["name"], *(run["sources"][source].get(key, run.get(key)) for key in _COLUMNS)) for run in runs]
        print_table(("character", *_COLUMNS.values()), rows)
    print(f"\n{machine_line()}, bpy {options.blender}")
    write_figures(options.json, {"rigs": {run.pop("name"): run for run in runs}})
    return 0


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
