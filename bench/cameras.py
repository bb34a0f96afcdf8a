"""Several cameras that nobody calibrated or synchronised, beside calibrated ones, triangulation alone and one camera.

All pairs, triples and quadruples of every take's cameras; focal lengths are guessed, the body's height is given. Errors
are of the limbs' 12 joints about the hips, after one rotation for the whole clip, over the time that all cameras share.
`fused` is the product's way; `calibrated` has the true cameras and clocks; `triangulation` is of the landmarks alone,
before the cameras that were found; `single` is the mean of each camera alone. `network` and `refined` are the two ways
of fusion on the cameras that were found. Choices are made with --dev.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from backend.device import DEVICE_SETTINGS, choose_device
from backend.lift.network.configuration import SHIPPED
from backend.lift.network.lifter import Lifter
from backend.lift.network.weights import read_lifter
from bench.metrics import LIMB_NAMES
from bench.multiview_figures import Row, case_of
from bench.multiview_found import found
from bench.multiview_four import four_camera_take
from bench.multiview_goals import goals
from bench.multiview_measures import Figures
from bench.multiview_odd import odd_takes
from bench.multiview_rendered import rendered_takes
from bench.multiview_rows import Asked, rows_of
from bench.multiview_scale import scale_figures, together
from bench.multiview_simulated import RIGHT_ARM, simulated_takes
from bench.multiview_tables import print_case, print_rows
from bench.multiview_takes import Take
from bench.multiview_ways import lifted
from bench.tables import machine_line, print_table, write_figures
from motion.refusal import Refusal

FILMED = ("simulated", "rendered", "four_cameras")
CASES = (*FILMED, "hidden", "scale", "odd")
T = TypeVar("T")
SEEDS = {"dev": 271, "test": 272}
VIEWS = (2, 3, 2, 4, 2, 3)      # of simulated takes, by turns
HIDDEN_JOINTS = tuple(LIMB_NAMES.index(name) for name in ("right_elbow", "right_wrist"))


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", nargs="+", choices=CASES, default=CASES, metavar="CASE",
                        help=f"not all of {', '.join(CASES)}")  # fmt: skip
    parser.add_argument("--dev", action="store_true", help="takes on which choices are made, not those of reports")
    parser.add_argument("--takes", type=int, default=12, metavar="N", help="simulated ones (default %(default)s)")
    parser.add_argument("--whole", action="store_true", help="all cameras of a take only, no choices among them")
    parser.add_argument("--fusions", action="store_true", help="the network and refinement beside what is shipped")
    parser.add_argument("--prepared", type=Path, default=Path("prepared.npz"), metavar="FILE",
                        help="prepared motion, of which takes are made (default %(default)s)")  # fmt: skip
    parser.add_argument("--lifter-file", type=Path, default=SHIPPED, metavar="FILE",
                        help="other weights than the shipped ones")  # fmt: skip
    parser.add_argument("--device", choices=DEVICE_SETTINGS, default="auto")


def main(options: argparse.Namespace) -> int:
    """`build.py bench cameras`."""
    device = choose_device(options.device)
    bench = Bench(options, read_lifter(options.lifter_file, device), Asked(device, options.fusions))
    rows = {name: bench.tried(name, partial(bench.measured, name), []) for name in FILMED if name in options.only}
    for name, of_case in rows.items():
        print_case(name, case_of(of_case))
        print_rows(name, of_case)
    hidden = bench.tried("hidden", bench.hidden, [])
    print_case("hidden", case_of(hidden))
    scale, odd = bench.tried("scale", bench.scale, {}), bench.tried("odd", bench.odd, {})
    reached = [goal.row() for goal in goals(rows, hidden, scale, odd)]
    print_table(("case", "goal", "reached", "range", "met"), reached)
    print(f"{device}; {machine_line()}")
    cases = {name: case_of(of_case) for name, of_case in rows.items()}
    write_figures(options.json, {"cases": {**cases, "hidden": case_of(hidden)}, "scale": scale, "odd": odd,
                                 "goals": reached})  # fmt: skip
    return 0


@dataclass(frozen=True)
class Bench:
    """What is asked for."""

    options: argparse.Namespace
    lifter: Lifter
    asked: Asked

    @property
    def split(self) -> str:
        return "dev" if self.options.dev else "test"

    def tried(self, name: str, measure: Callable[[], T], nothing: T) -> T:
        """What is measured of a case that is asked for; nothing, and a sentence, where its takes are not there."""
        if name not in self.options.only:
            return nothing
        try:
            return measure()
        except Refusal as refusal:
            print(f"{name}: not measured. {refusal.sentence} {refusal.mend}")
            return nothing

    def measured(self, name: str) -> list[Row]:
        """Of all takes of a case."""
        return [row for take in self._takes(name) for row in self._rows(name, take, self.asked)]

    def hidden(self) -> list[Row]:
        """With an arm that all cameras but one do not see."""
        takes = simulated_takes(self.options.prepared, self.split, self.options.takes, SEEDS[self.split] + 10,
                                hidden=RIGHT_ARM)  # fmt: skip
        asked = replace(self.asked, joints=HIDDEN_JOINTS)
        return [row for take in takes for row in self._rows("hidden", take, asked, whole=True)]

    def scale(self) -> Figures:
        """Of takes with all their cameras, heights not given."""
        takes = [*self._takes("simulated"), *self._takes("rendered")]
        return together([scale_figures(take, self.lifter, self.asked.device) for take in takes])

    def odd(self) -> Figures:
        """By what is wrong, the share of takes in which it was noticed."""
        noticed: dict[str, list[bool]] = {}
        for name, take in odd_takes(self.options.prepared, self.split, self.options.takes // 2,
                                    SEEDS[self.split] + 20):  # fmt: skip
            seen = lifted(take, take.height_m, self.lifter, self.asked.device)
            told = found(seen, take.height_m)
            noticed.setdefault(name, []).append(told.flagged)
            print(f"{name}: {take.name}: {' '.join(told.doubts)}", file=sys.stderr, flush=True)
        return {name: sum(each) / len(each) for name, each in noticed.items()}

    def _takes(self, name: str) -> Iterator[Take]:
        if name == "four_cameras":
            return iter([four_camera_take()])
        if name == "rendered":
            return rendered_takes("rendered_dev" if self.options.dev else "rendered", self.options.prepared)
        return simulated_takes(self.options.prepared, self.split, self.options.takes, SEEDS[self.split], VIEWS)

    def _rows(self, name: str, take: Take, asked: Asked, whole: bool = False) -> Iterator[Row]:
        seen = lifted(take, take.height_m, self.lifter, asked.device)
        chosen: Sequence[tuple[int, ...]] | None = None
        if whole or self.options.whole:
            chosen = [tuple(range(len(take.views)))]
        for row in rows_of(seen, asked, chosen):
            print(f"{name}: {row.name}, {row.angle_deg:.0f} degrees: " + ", ".join(
                f"{way} {figures.get('mpjpe_mm', float('nan')):.0f}" for way, figures in row.ways.items()),
                file=sys.stderr, flush=True)  # fmt: skip
            yield row
