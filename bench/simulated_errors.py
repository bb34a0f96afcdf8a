"""Are simulated errors like real ones? The detector beside models of it, on the same views.

On rendered clips kept out of the fit a statistic should lie within 15 % of the real one; the interval, from clips drawn
anew, says how well that one is known. On the four real cameras it should lie inside the range of the four, which are
one man of 1.7 s: only what a reference tells, and no exchanges of sides.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from backend.train.errors.by_hand import ErrorsByHand
from backend.train.errors.from_bank import Said
from backend.train.errors.learned import ERROR_MODEL, read_learned
from backend.train.errors.mixed import MixedErrors
from backend.train.views import DetectorErrors
from bench.error_evidence import REFERENCED, of_bank, of_four_cameras, simulated
from bench.error_statistics import intervals, kind_of, of_each_clip, statistics, sums_of
from bench.tables import machine_line, print_table, write_figures
from motion.arrays import Array
from motion.refusal import Refusal

SEEDS = 2
SEEDS_FOUR_CAMERAS = 25     # four short clips: as many draws as give a steady median
WITHIN = 0.15               # of the real statistic,
WITHIN_CORRELATION = 0.05   # or, where a correlation is small, so far from it

Row = dict[str, Any]


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bank", type=Path, metavar="FOLDER", help="real detections; without one, only four cameras")
    parser.add_argument("--model", type=Path, default=ERROR_MODEL, metavar="FILE",
                        help="the learned model (default: the one that ships)")  # fmt: skip
    parser.add_argument("--no-cameras", action="store_true", help="leave out the four cameras")


def main(options: argparse.Namespace) -> int:
    """`build.py bench simulated_errors`."""
    learned, by_hand = read_learned(options.model, wider=0.0), ErrorsByHand()
    models = {"learned": learned, "by hand": by_hand, "mixed": MixedErrors(learned, by_hand)}
    cases: dict[str, Any] = {}
    if options.bank:
        cases["rendered"] = _rendered(of_bank(options.bank), models)
    if not options.no_cameras:
        try:
            cases["four_cameras"] = _four_cameras(of_four_cameras(), models)
        except Refusal as refusal:
            print(f"four_cameras: not measured. {refusal.sentence} {refusal.mend}")
    print(machine_line())
    write_figures(options.json, {"cases": cases})
    return 0


def _rendered(real: list[Said], models: dict[str, DetectorErrors]) -> dict[str, Any]:
    frames = sum(len(each.exchanges) for each in real)
    minutes = sum(len(each.exchanges) / float(each.views.rate_hz[0]) for each in real) / 60
    sums = sums_of(real)
    known, spread = statistics(sums), intervals(sums, np.random.default_rng(0))
    said = {name: statistics(sums_of(_drawn(real, model, SEEDS))) for name, model in models.items()}
    rows = {name: row(name, value, spread[name], {model: said[model][name] for model in models})
            for name, value in known.items() if np.isfinite(value)}  # fmt: skip
    print(f"rendered: {len(real)} clips kept out of the fit, {minutes:.1f} minutes, {frames} pictures")
    _print(rows, "real [95 % of draws]", "off")
    summary = _told(rows, models, lambda each, model: each["near"][model], f"within {WITHIN:.0%}")
    inside = _told(rows, models, lambda each, model: each["near"][model] or each["inside"][model],
                   f"within {WITHIN:.0%} or the interval")  # fmt: skip
    return {"clips": len(real), "minutes": minutes, "statistics": rows, "within": summary, "within or inside": inside}


def _four_cameras(real: dict[str, Said], models: dict[str, DetectorErrors]) -> dict[str, Any]:
    """One short clip beside one short clip: medians of the four, and of as many draws for each."""
    clips = list(real.values())
    known = of_each_clip(sums_of(clips))
    said = {name: of_each_clip(sums_of(_drawn(clips, model, SEEDS_FOUR_CAMERAS))) for name, model in models.items()}
    rows = {name: row(name, float(np.median(four)), (float(four.min()), float(four.max())),
                      {model: _median(said[model][name]) for model in models})
            for name, four in known.items() if is_referenced(name) and np.isfinite(four).all()}  # fmt: skip
    print(f"four cameras: {', '.join(real)}; {sum(len(clip.exchanges) for clip in clips)} pictures")
    _print(rows, "real [the four]", "out")
    summary = _told(rows, models, lambda each, model: each["inside"][model], "inside the range of the four")
    return {"statistics": rows, "inside": summary}


def is_referenced(name: str) -> bool:
    """Whether the reference of the four cameras can tell a statistic."""
    return name.split(": ")[1].split()[0] in REFERENCED


def _median(values: Array) -> float:
    return float(np.median(values[np.isfinite(values)])) if np.isfinite(values).any() else np.nan


def _drawn(real: list[Said], model: DetectorErrors, seeds: int) -> list[Said]:
    return [clip for seed in range(seeds) for clip in simulated(real, model, seed)]


def row(name: str, real: float, interval: tuple[float, float], said: dict[str, float]) -> Row:
    """One statistic; `near` and `inside` by model."""
    slack = WITHIN_CORRELATION if kind_of(name).startswith("correlation") else 0.0
    near = {model: bool(abs(value - real) <= max(WITHIN * abs(real), slack)) for model, value in said.items()}
    inside = {model: bool(interval[0] <= value <= interval[1]) for model, value in said.items()}
    return {"real": real, "interval": list(interval), "simulated": said, "near": near, "inside": inside}


def _print(rows: dict[str, Row], real: str, mark: str) -> None:
    """One table; `mark` stands where the learned model is neither near nor inside."""
    models = next(iter(rows.values()))["simulated"]
    cells = []
    for name, each in rows.items():
        low, high = each["interval"]
        bad = not each["inside"]["learned"] and (mark == "out" or not each["near"]["learned"])
        said = [f"{_short(value)} ({_ratio(value, each['real'])})" for value in each["simulated"].values()]
        cells.append((name, f"{_short(each['real'])} [{_short(low)}, {_short(high)}]", *said, mark if bad else ""))
    print_table(("statistic", real, *models, ""), sorted(cells, key=lambda cell: kind_of(cell[0])))


def _told(rows: dict[str, Row], models: dict[str, DetectorErrors], good: Callable[[Row, str], bool],
          what: str) -> dict[str, dict[str, list[int]]]:  # fmt: skip
    """How many of how many, by kind and model; printed."""
    of = Counter(kind_of(name) for name in rows)
    counts = {model: Counter(kind_of(name) for name, each in rows.items() if good(each, model)) for model in models}
    lines = [(kind, *(f"{counts[model][kind]} of {count}" for model in models)) for kind, count in sorted(of.items())]
    whole = ("all", *(f"{counts[model].total()} of {of.total()}" for model in models))
    print()
    print_table((what, *models), [*lines, whole])
    print()
    return {model: {kind: [counts[model][kind], count] for kind, count in of.items()} for model in models}


def _short(value: float) -> str:
    return f"{value:.{2 if abs(value) < 10 else 1 if abs(value) < 100 else 0}f}"


def _ratio(value: float, real: float) -> str:
    return _short(value / real) if abs(real) > 1e-9 else "-"
