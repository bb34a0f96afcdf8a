"""What hypotheses are to reach, and whether they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.hypotheses_figures import MOST, Figures

_N = str(MOST)
_SMOOTH = 1.1       # as smooth as the main motion: within a tenth


@dataclass(frozen=True)
class Goal:
    """A figure of a case and the range in which it is to lie."""

    words: str
    reached: Callable[[Figures], float | None]
    least: float
    most: float


def _error(method: str, figures: Figures) -> float:
    return figures[method][_N]["mpjpe_mm"]


def _better(method: str, than: str) -> Callable[[Figures], float]:
    """Percent."""
    return lambda figures: 100.0 * (1.0 - _error(method, figures) / _error(than, figures))


_ANY, _ABOVE_ZERO = float("inf"), 1e-9
GOALS = (
    *(Goal(f"{method}, N = {_N}: % better than deterministic", _better(method, "deterministic"), least, _ANY)
      for method, least in (("best_clip", 10.0), ("best_window", 18.0), ("best_frame", 25.0))),
    *(Goal(f"{method}, N = {_N}: % better than the Gaussian control's", _better(method, f"gaussian_{method}"),
           _ABOVE_ZERO, _ANY) for method in ("best_clip", "best_window", "best_frame")),
    Goal("rpea: mm better than deterministic, lower end of the interval",
         lambda figures: figures["rpea_gain_interval_mm"][0], _ABOVE_ZERO, _ANY),
    Goal("intervals of 90 %, as they are shown, hold the truth in %",
         lambda figures: 100.0 * figures["coverage_90"][_N], 85.0, 95.0),
    Goal("samples' 2D error over the main motion's", lambda figures: figures["reprojection_ratio"], 0.0, 1.2),
    Goal("samples' jitter over the main motion's",
         lambda figures: figures["sample"][_N]["jitter_10m_s3"] / figures["deterministic"]["jitter_10m_s3"],
         0.0, _SMOOTH),
)  # fmt: skip


def goal_rows(cases: Mapping[str, Figures]) -> list[tuple[str, str, float, str, str]]:
    """Case, goal, figure reached, range, yes or no."""
    return [(name, *row(goal, goal.reached(figures))) for name, figures in cases.items() for goal in GOALS]


def row(goal: Goal, value: float | None) -> tuple[str, float | None, str, str]:
    """Goal, figure reached, range, yes or no."""
    met = value is not None and goal.least <= value <= goal.most
    return goal.words, value, _range(goal), "yes" if met else "NO"


def speed_rows(speed: Figures) -> list[tuple[str, float | None, str, str]]:
    """Of what hypotheses_speed measures."""
    ours, count = speed["mambocap"], speed["seconds_count"]
    goals = [(Goal(f"s for a clip of {speed['clip_s']:.0f} s with {count} hypotheses", dict.get, 0.0, 2.0),
              speed["seconds"])]
    if speed["device"] == "cuda":
        goals.append((Goal(f"time for N = {_N} over that for N = 1", dict.get, 0.0, 2.0),
                      ours[_N]["ms_per_frame"] / ours["1"]["ms_per_frame"]))  # fmt: skip
    return [row(goal, value) for goal, value in goals]


def _range(goal: Goal) -> str:
    if goal.most == _ANY:
        return "above 0" if goal.least == _ABOVE_ZERO else f"at least {goal.least:g}"
    return f"{goal.least:g} to {goal.most:g}" if goal.least else f"at most {goal.most:g}"
