"""What several cameras are to reach, and whether they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.multiview_figures import Row, differences
from bench.multiview_measures import Figures

WITHIN = "60-120"
JUST_BELOW_ZERO = -1e-9
GoalRow = tuple[str, str, float | None, str, str]


@dataclass(frozen=True)
class Goal:
    """A figure of a case and the range in which it is to lie."""

    case: str
    words: str
    value: float | None
    most: float = float("inf")
    least: float = -float("inf")

    def row(self) -> GoalRow:
        met = self.value is not None and self.least <= self.value <= self.most
        return self.case, self.words, self.value, self._range(), "yes" if met else "NO"

    def _range(self) -> str:
        if self.most == JUST_BELOW_ZERO:
            return "below 0"
        return f"at most {self.most:g}" if self.most < float("inf") else f"at least {self.least:g}"


def goals(rows: Mapping[str, Sequence[Row]], hidden: Sequence[Row], scale: Figures, odd: Figures) -> list[Goal]:
    """Of all that was measured."""
    known = [goal for name, of_case in rows.items() if of_case for goal in _of_case(name, of_case)]
    return [*known, *_hidden(hidden), *_scale(scale), *_odd(odd)]


def _of_case(case: str, rows: Sequence[Row]) -> list[Goal]:
    return _real(case, rows) if case == "four_cameras" else _against_truth(case, rows)


def _against_truth(case: str, rows: Sequence[Row]) -> list[Goal]:
    pairs = [row for row in rows if row.views == 2 and row.range == WITHIN]
    errors, worse = _of(pairs, "mpjpe_mm"), differences(pairs, "fused", "calibrated")
    good = [row.flagged or row.ways["fused"].get("offset_frames", np.inf) <= 0.3 for row in rows]
    found = [
        Goal(case, f"two cameras, {WITHIN}: median mm", _median(errors), 35.0),
        Goal(case, f"two cameras, {WITHIN}: 90th percentile mm", _percentile(errors), 45.0),
        Goal(case, f"two cameras, {WITHIN}: mm worse than calibrated, median", _median(worse), 5.0),
        Goal(case, "rotation between cameras: median degrees", _median(_of(rows, "rotation_deg")), 5.0),
        Goal(case, "offset within 0.3 frame, or flagged: share", float(np.mean(good)), least=1.0),
        Goal(case, "flagged: share", float(np.mean([row.flagged for row in rows])), 0.15),
    ]
    return [*found, *(goal for views in (3, 4) for goal in _beside_triangulation(case, rows, views, "mpjpe_mm", 1.0))]


def _beside_triangulation(case: str, rows: Sequence[Row], views: int, measure: str, most: float) -> list[Goal]:
    """Of the product's way, and of the network of several views where it was asked for."""
    of_views = [row for row in rows if row.views == views]
    ways = [way for way in ("fused", "network") if any(way in row.ways for row in of_views)]
    return [Goal(case, f"{views} cameras: {way}, mean mm worse than triangulation",
                 _mean(differences(of_views, way, "triangulation", measure)), most) for way in ways]  # fmt: skip


def _real(case: str, rows: Sequence[Row]) -> list[Goal]:
    pairs = [row for row in rows if row.views == 2 and row.range == WITHIN]
    errors, worse = _of(pairs, "mpjpe_mm"), differences(pairs, "fused", "calibrated")
    which = f"{len(pairs)} pairs, {WITHIN}"
    return [Goal(case, f"{which}: median mm", _median(errors), 40.0),
            Goal(case, f"{which}: mm worse than calibrated, median", _median(worse), 5.0)]  # fmt: skip


def _hidden(rows: Sequence[Row]) -> list[Goal]:
    """Of the joints that one camera sees."""
    return [goal for views in (2, 3, 4)
            for goal in _beside_triangulation("hidden", rows, views, "joints_mm", JUST_BELOW_ZERO)]  # fmt: skip


def _scale(scale: Figures) -> list[Goal]:
    shape, mean = scale.get("shape_median"), scale.get("mean_height_median")
    better = None if shape is None or mean is None else 100.0 * (1.0 - shape / mean)
    return [Goal("scale", "height not given: median %", shape, 4.0),
            Goal("scale", "% better than the mean height", better, least=20.0)] if scale else []  # fmt: skip


def _odd(odd: Figures) -> list[Goal]:
    return [Goal("odd", f"{name}: share recognised", share, least=1.0) for name, share in odd.items()]


def _of(rows: Sequence[Row], measure: str) -> list[float]:
    return [row.ways["fused"][measure] for row in rows if measure in row.ways["fused"]]


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if values else None


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _percentile(values: Sequence[float]) -> float | None:
    return float(np.percentile(values, 90.0)) if values else None
