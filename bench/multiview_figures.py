"""Figures of takes of several cameras: one row a choice of cameras, and what many rows say together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bench.multiview_measures import CAMERAS, POSE, Figures

RANGES = {"30-60": 60.0, "60-120": 120.0, "120-180": 180.0}     # and up to which angle each goes
ALL = "all"
MEDIANS = (*POSE, "joints_mm", *CAMERAS, "scale_percent")
FEWEST, MOST = 2, 4

Pooled = dict[str, float | int | None]
Case = dict[str, dict[str, dict[str, Pooled]]]      # by number of views, angle range and way


@dataclass(frozen=True)
class Row:
    """Some cameras of one take."""

    name: str
    views: int
    angle_deg: float                # the largest between the first camera and another
    ways: Mapping[str, Figures]     # of each way; nothing where it found no answer
    flagged: bool = False           # whether the user was told to doubt it
    doubts: tuple[str, ...] = ()    # and how

    @property
    def range(self) -> str:
        return next((name for name, most in RANGES.items() if self.angle_deg <= most), "120-180")


def choices(count: int) -> Iterable[tuple[int, ...]]:
    """All pairs, triples and quadruples of so many cameras."""
    for size in range(FEWEST, min(MOST, count) + 1):
        yield from combinations(range(count), size)


def case_of(rows: Sequence[Row]) -> Case:
    """By number of views, then by range of angles (and all of them), then by way."""
    found: Case = {}
    for views in sorted({row.views for row in rows}):
        of_views = [row for row in rows if row.views == views]
        ranges = [name for name in RANGES if any(row.range == name for row in of_views)]
        found[str(views)] = {name: pooled([row for row in of_views if name in (ALL, row.range)])
                             for name in (*ranges, ALL)}  # fmt: skip
    return found


def pooled(rows: Sequence[Row]) -> dict[str, Pooled]:
    """By way."""
    names = dict.fromkeys(name for row in rows for name in row.ways)
    return {name: _of_way(name, rows) for name in names}


def _of_way(name: str, rows: Sequence[Row]) -> Pooled:
    answers = [row.ways[name] for row in rows if row.ways.get(name)]
    figures: Pooled = {measure: _over(answers, measure, np.median) for measure in MEDIANS}
    figures["mpjpe_mm_mean"] = _over(answers, "mpjpe_mm", np.mean)
    figures["mpjpe_mm_p90"] = _over(answers, "mpjpe_mm", lambda values: np.percentile(values, 90.0))
    if any("offset_frames" in answer for answer in answers):
        figures["flagged_share"] = float(np.mean([row.flagged for row in rows if name in row.ways]))
        figures["offset_good_or_flagged_share"] = _good_or_flagged(name, rows)
    return {**{key: value for key, value in figures.items() if value is not None}, "takes": len(answers)}


OFFSET_GOAL_FRAMES = 0.3     # or the user is told


def _good_or_flagged(name: str, rows: Sequence[Row]) -> float:
    offsets = [(row.ways[name].get("offset_frames", np.inf), row.flagged) for row in rows if name in row.ways]
    return float(np.mean([flagged or off <= OFFSET_GOAL_FRAMES for off, flagged in offsets]))


def _over(answers: Sequence[Figures], measure: str, together: Callable[[list[float]], float]) -> float | None:
    values = [answer[measure] for answer in answers if measure in answer]
    return float(together(values)) if values else None


def differences(rows: Sequence[Row], one: str, other: str, measure: str = "mpjpe_mm") -> list[float]:
    """By how much one way is worse than another, row by row, where both answer."""
    both = [row.ways for row in rows if row.ways.get(one) and row.ways.get(other)]
    return [ways[one][measure] - ways[other][measure] for ways in both]
