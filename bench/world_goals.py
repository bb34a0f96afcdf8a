"""What the world is to reach, and whether it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.world_figures import Figures

Methods = Mapping[str, Figures]
_SIMULATED, _RENDERED, _REAL = ("static", "moving"), ("rendered",), ("four_cameras",)


@dataclass(frozen=True)
class Goal:
    """One figure of `mambocap` in some cases, and the most it may be in a case, told its methods."""

    figure: str
    cases: tuple[str, ...]
    words: str
    bound: Callable[[Methods], float | None]


def _at_most(bound: float) -> Callable[[Methods], float | None]:
    return lambda methods: bound


def _beside(method: str, figure: str, factor: float = 1.0, more: float = 0.0) -> Callable[[Methods], float | None]:
    def bound(methods: Methods) -> float | None:
        value = methods[method][figure]
        return None if value is None else factor * value + more

    return bound


def _jitter(methods: Methods) -> float | None:
    return max(6.0, _beside("truth", "jitter_10m_s3", 1.3)(methods) or 6.0)


_ALL = (*_SIMULATED, *_RENDERED, *_REAL)
GOALS = (
    Goal("sliding_beyond_truth_mm", ("static", "rendered"), "under 2", _at_most(2.0)),
    Goal("sliding_beyond_truth_mm", _REAL, "at most 1", _at_most(1.0)),
    Goal("jitter_10m_s3", _ALL, "under 6, or 1.3 of the truth's", _jitter),
    Goal("penetration_mm", _ALL, "under 10", _at_most(10.0)),
    Goal("floating_mm", _ALL, "under 10", _at_most(10.0)),
    *(Goal(figure, _ALL, "no worse than raw", _beside("raw", figure))
      for figure in ("planted_position_mm", "sole_deg", "onset_frames")),
    Goal("mpjpe_mm", _ALL, "less than 1 over raw", _beside("raw", "mpjpe_mm", more=1.0)),
    Goal("camera_tilt_median_deg", _ALL, "at most 2", _at_most(2.0)),
    Goal("camera_tilt_p90_deg", _ALL, "at most 4", _at_most(4.0)),
    Goal("rte_percent", ("static", "rendered"), "at most 2", _at_most(2.0)),
    Goal("rte_no_height_percent", ("static", "rendered"), "at most 3", _at_most(3.0)),
    Goal("swim_mm", _ALL, "at most half of direct", _beside("direct", "swim_mm", 0.5)),
    *(Goal(figure, _SIMULATED + _RENDERED, "below gvhmr", _beside("gvhmr", figure))
      for figure in ("wa_mpjpe100_mm", "w_mpjpe100_mm")),
)  # fmt: skip


def goal_rows(cases: Mapping[str, Methods]) -> list[tuple[str, str, str, float, float, str]]:
    """Case, figure, goal, figure reached, bound, yes or no; of what was measured."""
    rows = []
    for name, methods in cases.items():
        for goal in GOALS:
            reached = methods["mambocap"].get(goal.figure) if _of(name) in goal.cases else None
            bound = goal.bound(methods) if reached is not None else None
            if reached is not None and bound is not None:
                rows.append((name, goal.figure, goal.words, reached, bound, "yes" if reached <= bound else "NO"))
    return rows


def _of(case: str) -> str:
    """rendered_dev is judged as rendered."""
    return "rendered" if case == "rendered_dev" else case
