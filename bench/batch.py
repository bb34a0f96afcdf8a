"""A night of short clips, some broken, as a batch: on this machine, and on a Ray cluster of which a node dies."""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.batch_compare import check_truth
from bench.batch_figures import CAPTURES, ONE, RAY, TWO, figures_of, print_goals, print_runs
from bench.batch_growth import growth
from bench.batch_kills import kill_round
from bench.batch_night import SETTINGS_WORDS, Night, made_night
from bench.batch_run import Run, checked
from bench.batch_ways import Ran, on_cluster, on_this_machine, one_after_the_other
from bench.tables import machine_line, write_figures
from bench.two_nodes import prepare_ray, two_nodes

PARTS: dict[str, tuple[str, ...]] = {   # what --only may name, and the ways that are timed for it
    "sequential": (), "kills": (), "overhead": (TWO, RAY), "speed": (TWO, ONE),
}  # fmt: skip


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=int, default=60, help="of the night, a tenth of them broken")
    parser.add_argument("--rounds", type=int, default=3, help="nights in which a node is killed")
    parser.add_argument("--repeats", type=int, default=1, help="of what is timed; medians count")
    parser.add_argument("--seed", type=int, default=18, help="of footage and deaths")
    parser.add_argument("--only", choices=PARTS, help="measure one part")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="a new folder where all runs stay, with logs")
    parser.add_argument("--growth", action="store_true", help="seconds by clips, workers and stages instead")


def main(options: argparse.Namespace) -> int:
    """`build.py bench batch`."""
    prepare_ray()
    with _folder(options.keep) as folder:
        if options.growth:
            write_figures(options.json, growth(folder))
            return 0
        night = made_night(folder / "footage", options.clips, options.seed)
        figures = figures_of(night, list(_runs(folder, night, options)))
    print(f"{night.clips} clips in {len(night.takes)} takes; {SETTINGS_WORDS}.")
    print_runs(figures)
    print_goals(figures)
    print(machine_line())
    write_figures(options.json, {**figures, "machine": machine_line(), "settings": SETTINGS_WORDS})
    return 0


@contextlib.contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """Where everything is done, which stays if it is to be kept."""
    if kept is None:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
    else:
        kept.mkdir(parents=True)
        yield kept.absolute()


def _runs(folder: Path, night: Night, options: argparse.Namespace) -> Iterator[Run]:
    """The captures, what is timed in turns, so that what else the machine does falls on all alike, and the deaths."""
    truth = folder / CAPTURES / "batch"
    yield checked(CAPTURES, truth.parent, truth, night, lambda batch: one_after_the_other(batch, night))
    check_truth(truth, night)
    for repeat in range(options.repeats):
        ways = PARTS[options.only] if options.only else (TWO, RAY, ONE)
        for way in ways if repeat % 2 == 0 else reversed(ways):
            yield checked(way, folder / f"{way} {repeat}", truth, night, lambda batch, way=way: _DO[way](batch, night))
    for number in range(options.rounds if options.only in (None, "kills") else 0):
        yield kill_round(folder / f"round {number}", truth, night, number, options.seed)


def _on_two_nodes(batch: Path, night: Night) -> Ran:
    with two_nodes() as nodes:
        return on_cluster(batch, night, nodes.address)


_DO: dict[str, Callable[[Path, Night], Ran]] = {
    ONE: lambda batch, night: on_this_machine(batch, night, 1),
    TWO: lambda batch, night: on_this_machine(batch, night, 2),
    RAY: _on_two_nodes,
}
