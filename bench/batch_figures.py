"""The figures of a night's runs, and which of them are as they are to be."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.batch_night import Night
from bench.batch_run import Run
from bench.tables import print_table

CAPTURES, ONE, TWO, RAY = "captures, all cores", "batch, 1 worker", "batch, 2 workers", "Ray, 2 nodes"
Figures = dict[str, Any]


def figures_of(night: Night, runs: Sequence[Run]) -> Figures:
    """Counts are of clips. What was not measured is None."""
    found = [run.compared for run in runs if run.compared]
    wrong = frozenset[str]().union(*(each.takes for each in found))
    deaths = [run.death for run in runs if run.death]
    good = night.clips_of([take.name for take in night.good])
    return {
        "clips": night.clips, "takes": len(night.takes), "good": good, "broken": len(night.broken),
        "rounds": len(deaths) or None,
        "identical": good - night.clips_of(wrong - night.broken) if found else None,
        "kills": sum(death.at_s is not None for death in deaths) if deaths else None,
        "lost": sum(night.clips_of(each.lost) for each in found) if found else None,
        "failed_with_sentence": len(night.broken - wrong) if found else None,
        "left_behind": sum(len(run.left) for run in runs),
        "ray_overhead": _less_one(_ratio(runs, RAY, TWO)),
        "ray_overhead_cpu": _less_one(_ratio(runs, RAY, TWO, lambda run: run.ran.cpu_s)),
        "speedup_2_workers": _ratio(runs, ONE, TWO),
        "runs": [run.as_figures() for run in runs],
    }  # fmt: skip


def _ratio(runs: Sequence[Run], way: str, over: str, of: Callable[[Run], float] = lambda run: run.ran.seconds
           ) -> float | None:  # fmt: skip
    above, below = ([of(run) for run in runs if run.way == each] for each in (way, over))
    return statistics.median(above) / statistics.median(below) if above and below else None


def _less_one(ratio: float | None) -> float | None:
    return None if ratio is None else ratio - 1.0


@dataclass(frozen=True)
class Goal:
    """One line of the table."""

    key: str                                   # of the figure
    words: str
    wanted: Callable[[Figures], str]
    reached: Callable[[Figures], bool]


GOALS = (
    Goal("clips", "clips of the night", lambda f: str(f["clips"]), lambda f: True),
    Goal("identical", "good ones whose motion files have the bytes of their capture's, in every run",
         lambda f: str(f["good"]), lambda f: f["identical"] == f["good"]),
    Goal("kills", "nights in which a node was killed at work", lambda f: str(f["rounds"]),
         lambda f: f["kills"] == f["rounds"]),
    Goal("lost", "good ones without a motion, all runs added", lambda f: "0", lambda f: f["lost"] == 0),
    Goal("failed_with_sentence", "broken ones in the table with the sentence of their capture, in every run",
         lambda f: str(f["broken"]), lambda f: f["failed_with_sentence"] == f["broken"]),
    Goal("left_behind", "processes, locks and half-written files left behind, all runs added", lambda f: "0",
         lambda f: f["left_behind"] == 0),
    Goal("ray_overhead", "seconds on Ray over the plain batch's, two workers each, less 1",
         lambda f: "at most 0.10", lambda f: f["ray_overhead"] <= 0.10),
    Goal("speedup_2_workers", "seconds with one worker of one thread over those with two",
         lambda f: "at least 1.6", lambda f: f["speedup_2_workers"] >= 1.6),
)  # fmt: skip


def print_goals(figures: Figures) -> None:
    """Those of what was measured."""
    print_table(("", "goal", "measured", "met"), [
        (goal.words, goal.wanted(figures), figures[goal.key], "yes" if goal.reached(figures) else "NO")
        for goal in GOALS if figures[goal.key] is not None])  # fmt: skip


def print_runs(figures: Figures) -> None:
    """Seconds of every run, the deaths in it, and all that is not as it is to be."""
    print_table(("run", "s", "CPU s", "node killed", "of its work done", "it was at", "a fresh one"), [
        (run["way"], run["seconds"], run["cpu_s"], *_death(run["death"])) for run in figures["runs"]])  # fmt: skip
    for run in figures["runs"]:
        for words in (*(run["compared"] or {}).get("words", ()), *run["left"]):
            print(f"{run['way']}: {words}")


def _death(death: Figures | None) -> tuple[str, str, str, str]:
    if death is None or death["at_s"] is None:
        return "-", "-", "-", "-"
    again = death["replaced_after_s"]
    return (f"after {death['at_s']:.1f} s", f"{100 * death['at_share']:.0f} %",
            ", ".join(death["while_working_on"]) or "nothing", f"{again:.1f} s later" if again else "none")  # fmt: skip
