"""How long bones look beside how long they are, and what sizes that tells: several cameras, all true, nobody's height.

The table of backend/multiview/scale/bone_lengths.py is made from this on the split "train"; "dev" and "test" judge it.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backend.body.actor import AVERAGE_HEIGHT_M
from backend.lift.network.lift_network import shipped_lifter
from backend.lift.network.lifter import Lifter
from backend.multiview.scale.bone_lengths import SEGMENTS, bone_lengths, lengths_at_rest
from backend.multiview.size import landmarks_in_space, metres_per_unit
from backend.train.motions.prepared import SPLITS
from bench.multiview_simulated import simulated_takes
from bench.multiview_takes import Take
from bench.multiview_ways import grid_of, lifted
from bench.tables import machine_line, print_table, write_figures
from motion.arrays import Array
from motion.landmarks import LANDMARK_COUNT

SEED = 17
NORMAL_MAD = 1.4826
MOST_SIGMAS = 3.5      # to which errors are cut before their standard deviation


@dataclass(frozen=True, eq=False)
class Told:
    """Of one take; logarithms."""

    bones: Array        # [G] of SEGMENTS, seen over true; NaN where unseen
    size: float         # told over true
    size_given: float   # with the height given
    average: float      # of everybody's height over the person's


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--prepared", type=Path, default=Path("prepared.npz"), metavar="FILE",
                        help="prepared motion (default %(default)s)")  # fmt: skip
    parser.add_argument("--split", choices=SPLITS, default="dev", help="whose motion; the table is made on train")
    parser.add_argument("--takes", type=int, default=60, help="default %(default)s")


def main(options: argparse.Namespace) -> int:
    """`build.py bench bone_habits`. Raises Refusal for a file without motion of the split."""
    lifter = shipped_lifter()
    found = [told(take, lifter) for take in simulated_takes(options.prepared, options.split, options.takes, SEED)]
    bones, sizes = bone_figures(found), size_figures(found)
    print_table(("bone", "known", "usual_log", "sigma_log"), [(name, *row.values()) for name, row in bones.items()])
    print_table(("size", "median %", "90 of 100 %", "rms %"), [(name, *row.values()) for name, row in sizes.items()])
    print(f"{len(found)} takes of {options.split}; {machine_line()}")
    write_figures(options.json, {"bones": bones, "sizes": sizes})
    return 0


def told(take: Take, lifter: Lifter) -> Told:
    """Through the cameras as they truly stand, so that all sizes are to be 1."""
    assert take.performance is not None and take.height_m is not None
    seen, rig = lifted(take, None, lifter), take.rig()
    views, grid = dict(enumerate(seen.lifts)), grid_of(seen, rig)
    true = lengths_at_rest(take.performance.body.points[:LANDMARK_COUNT])
    sizes = [np.log(metres_per_unit([views], rig, grid, height_m)) for height_m in (None, take.height_m)]
    return Told(np.log(bone_lengths(landmarks_in_space(views, rig, grid)).lengths / true), *map(float, sizes),
                float(np.log(AVERAGE_HEIGHT_M / take.height_m)))  # fmt: skip


def bone_figures(found: list[Told]) -> dict[str, dict[str, float]]:
    """By segment: the share of takes that know it, and the median and width of its error."""
    return {segment.name: _spread(np.array([each.bones[index] for each in found]))
            for index, segment in enumerate(SEGMENTS)}  # fmt: skip


def size_figures(found: list[Told]) -> dict[str, dict[str, float]]:
    """Errors in percent, by what is known."""
    ways = {"proportions": [each.size for each in found], "height given": [each.size_given for each in found],
            "average height": [each.average for each in found]}  # fmt: skip
    return {name: _errors_percent(100.0 * np.abs(logs)) for name, logs in ways.items()}


def _spread(errors_log: Array) -> dict[str, float]:
    """The width is the mean of that of the middle half and of all, so that neither tails nor few takes rule it."""
    known = errors_log[np.isfinite(errors_log)]
    if not len(known):
        return {"known": 0.0, "usual_log": np.nan, "sigma_log": np.nan}
    usual = float(np.median(known))
    narrow = NORMAL_MAD * float(np.median(np.abs(known - usual)))
    wide = float(np.clip(known - usual, -MOST_SIGMAS * narrow, MOST_SIGMAS * narrow).std())
    return {"known": len(known) / len(errors_log), "usual_log": usual, "sigma_log": 0.5 * (narrow + wide)}


def _errors_percent(errors: Array) -> dict[str, float]:
    return {"median": float(np.median(errors)), "p90": float(np.quantile(errors, 0.9)),
            "rms": float(np.sqrt(np.mean(errors**2)))}  # fmt: skip
