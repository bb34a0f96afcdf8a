"""When each of two clips began: the moments at which what they show of a body agrees best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import correlate

from backend.multiview.sync.signals import RATE_HZ, BodySignals
from motion.arrays import Array

SHORTEST_OVERLAP_S = 0.8
_WHOLE_OVERLAP_S = 3.0       # shorter ones agree by chance more easily, and count less
_PEAKS, _NEIGHBOURS_S = 6, 0.25
_WORSE_THAN_BEST = 0.5       # share of the best agreement below which a peak is none


@dataclass(frozen=True)
class Beginning:
    """A moment at which the second clip may have begun."""

    start_s: float      # what the first clip's clock shows when the second's shows zero
    agreement: float    # -1..1, the correlation of the body's signals over the overlap
    overlap_s: float    # for which the person is seen in both

    @property
    def weight(self) -> float:
        """Agreement, less where it rests on little."""
        return self.agreement * min(1.0, self.overlap_s / _WHOLE_OVERLAP_S) ** 0.5


def beginnings(first: BodySignals, second: BodySignals, only_s: float | None = None) -> list[Beginning]:
    """The likeliest ones, best first; empty where the clips share too little. `only_s`: near this start alone."""
    agreement, overlap, starts_s = agreement_by_start(first, second)
    weight = agreement * np.minimum(1.0, overlap / RATE_HZ / _WHOLE_OVERLAP_S) ** 0.5
    weight[overlap < SHORTEST_OVERLAP_S * RATE_HZ] = -np.inf
    if only_s is not None:
        weight[np.abs(starts_s - only_s) > _NEIGHBOURS_S] = -np.inf
    found: list[Beginning] = []
    while len(found) < _PEAKS and np.isfinite(weight).any():
        best = int(np.argmax(weight))
        if found and weight[best] < _WORSE_THAN_BEST * found[0].weight:
            break
        if _is_peak(weight, best):
            found.append(Beginning(float(starts_s[best]) + _between(weight, best) / RATE_HZ, float(agreement[best]),
                                   float(overlap[best]) / RATE_HZ))  # fmt: skip
        weight[np.abs(starts_s - starts_s[best]) < _NEIGHBOURS_S] = -np.inf
    return found


def agreement_at(first: BodySignals, second: BodySignals, start_s: float) -> Beginning | None:
    """How well the two agree if the second began then; None where they share too little."""
    agreement, overlap, starts_s = agreement_by_start(first, second)
    nearest = int(np.argmin(np.abs(starts_s - start_s)))
    if overlap[nearest] < SHORTEST_OVERLAP_S * RATE_HZ:
        return None
    return Beginning(start_s, float(agreement[nearest]), float(overlap[nearest]) / RATE_HZ)


def agreement_by_start(first: BodySignals, second: BodySignals) -> tuple[Array, Array, Array]:
    """Correlation, moments of overlap and start in seconds for every shift of the second clip, [N1 + N2 - 1].

    All signals together, each about its mean over the overlap: large motions count more than small ones.
    """
    a, b = first.values, second.values
    seen_a, seen_b = first.seen.astype(float), second.seen.astype(float)
    overlap = _shifted_sum(seen_a, seen_b)
    safe = np.maximum(overlap, 1.0)
    product, power_a, power_b = (np.zeros(len(overlap)) for _ in range(3))
    for column_a, column_b in zip(a.T, b.T, strict=True):
        sum_a, sum_b = _shifted_sum(column_a, seen_b), _shifted_sum(seen_a, column_b)
        product += _shifted_sum(column_a, column_b) - sum_a * sum_b / safe
        power_a += _shifted_sum(column_a**2, seen_b) - sum_a**2 / safe
        power_b += _shifted_sum(seen_a, column_b**2) - sum_b**2 / safe
    floor = 1e-6 * safe
    agreement = product / np.sqrt(np.maximum(power_a, floor) * np.maximum(power_b, floor))
    shifts = np.arange(len(overlap)) - (len(b) - 1)
    return agreement, np.round(overlap), shifts / RATE_HZ + first.times_s[0] - second.times_s[0]


def _shifted_sum(a: Array, b: Array) -> Array:
    """sum_n a[n + shift] b[n] for shifts from -(len(b) - 1)."""
    return correlate(a, b, mode="full", method="fft")


def _is_peak(weight: Array, index: int) -> bool:
    """At the edge of what is possible, or beside what has been taken, agreement may still rise."""
    return 0 < index < len(weight) - 1 and bool(np.isfinite(weight[[index - 1, index + 1]]).all())


def _between(weight: Array, index: int) -> float:
    """Where between the shifts a parabola through three of them is highest, -0.5..0.5."""
    before, at, after = weight[index - 1 : index + 2]
    bend = before - 2.0 * at + after
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend < 0 else 0.0
