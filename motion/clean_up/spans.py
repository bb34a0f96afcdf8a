"""The stretches of time in which a point rests, and where it rests then."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Array, Mask
from ..runs import runs

# What is held but travels is split where it comes too far from its place, and let go where it goes on travelling. On
# rendered_dev feet slide 2.8 mm a frame with these bounds, 3.0 with two thirds of the first or half of the second.
_TRAVEL_M = 0.3
_SLOW_M_S = 0.5
_LEAST_S = 0.2         # the parts of a split span are at least so long
_GAP_S = 0.1           # in which the point goes from one place to the next
_NEAR_M = 0.02         # of the robust mean


@dataclass(frozen=True, eq=False)
class Span:
    """Frames start to stop (not included) in which a point rests at a place [3] m."""

    start: int
    stop: int
    place: Array

    @property
    def frames(self) -> slice:
        return slice(self.start, self.stop)


def resting_spans(held: Mask, points: Array, heights: Array | None, rate: float) -> list[Span]:
    """Where the point [T, 3] rests while held [T], in time; its height is the median of heights [T] then."""
    spans = [span for start, stop in runs(held) for span in _steady(points, start, stop, rate, False)]
    if heights is None:
        return spans
    return [replace(span, place=np.append(span.place[:2], np.median(heights[span.frames]))) for span in spans]


def places_over_time(spans: list[Span], frames: int) -> Array:
    """[T, 3] m, NaN where nothing rests."""
    places = np.full((frames, 3), np.nan)
    for span in spans:
        places[span.frames] = span.place
    return places


def _steady(points: Array, start: int, stop: int, rate: float, cut: bool) -> list[Span]:
    """The span, or those it falls into where its point travels."""
    inside = points[start:stop]
    place = _robust_mean(inside)
    if np.linalg.norm((inside - place)[:, :2], axis=-1).max() <= _TRAVEL_M:
        kept = not cut or (len(inside) >= _LEAST_S * rate and _speed(inside, rate) < _SLOW_M_S)
        return [Span(start, stop, place)] if kept else []
    if len(inside) < 2.0 * _LEAST_S * rate:
        return []
    middle, half = start + _best_cut(inside), int(np.ceil(0.5 * _GAP_S * rate))
    sides = ((start, middle - half), (middle + half, stop))
    return [span for a, b in sides if b - a > 1 for span in _steady(points, a, b, rate, True)]


def _robust_mean(points: Array) -> Array:
    """Mean [3] of points [N, 3] in which those far from the others count little."""
    mean = points.mean(axis=0)
    for near in (4.0 * _NEAR_M, 2.0 * _NEAR_M, _NEAR_M, _NEAR_M):
        weights = 1.0 / (1.0 + np.sum((points - mean) ** 2, axis=-1) / near**2)
        mean = weights @ points / weights.sum()
    return mean


def _speed(points: Array, rate: float) -> float:
    """From the first third's middle to the last third's, m/s."""
    third = max(len(points) // 3, 1)
    way = points[-third:].mean(axis=0) - points[:third].mean(axis=0)
    return float(np.linalg.norm(way[:2])) * rate / max(len(points) - third, 1)


def _best_cut(points: Array) -> int:
    """The index that cuts points [N, 3] into two parts of least variance."""
    count = np.arange(1, len(points))
    first = np.cumsum(points, axis=0)[:-1]
    last = points.sum(axis=0) - first
    # The squares of all points are the same for every cut.
    gain = np.sum(first**2, axis=-1) / count + np.sum(last**2, axis=-1) / (len(points) - count)
    return int(np.argmax(gain)) + 1
