"""When each of two clips began: the moments at which what they show of a body agrees best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

from backend.multiview.sync.parabola import between
from backend.multiview.sync.signals import RATE_HZ, BodySignals
from motion.arrays import Array

SHORTEST_OVERLAP_S = 0.8
_WHOLE_OVERLAP_S = 3.0       # shorter ones agree by chance more easily, and count less
_PEAKS, _NEIGHBOURS_S = 6, 0.25
_STILL_M = 0.02              # all signals together: who moves less agrees with anything
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


@dataclass(frozen=True, eq=False)
class Agreement:
    """How well two clips agree for every shift of the second, [N]."""

    starts_s: Array     # what the first clip's clock shows when the second's shows zero
    correlation: Array
    overlap_s: Array    # for which the person is seen in both

    def beginnings(self, only_s: float | None = None) -> list[Beginning]:
        """The likeliest ones, best first; empty where the clips share too little. `only_s`: near this start alone."""
        weight = self.correlation * np.minimum(1.0, self.overlap_s / _WHOLE_OVERLAP_S) ** 0.5
        weight[self.overlap_s < SHORTEST_OVERLAP_S] = -np.inf
        if only_s is not None:
            weight[np.abs(self.starts_s - only_s) > _NEIGHBOURS_S] = -np.inf
        found: list[Beginning] = []
        while len(found) < _PEAKS and np.isfinite(weight).any():
            best = int(np.argmax(weight))
            if found and weight[best] < _WORSE_THAN_BEST * found[0].weight:
                break
            if _is_peak(weight, best):
                found.append(self._beginning(best, between(weight, best)))
            weight[np.abs(self.starts_s - self.starts_s[best]) < _NEIGHBOURS_S] = -np.inf
        return found

    def at(self, start_s: float) -> Beginning | None:
        """If the second clip began then; None where the two share too little."""
        nearest = int(np.argmin(np.abs(self.starts_s - start_s)))
        return self._beginning(nearest, 0.0) if self.overlap_s[nearest] >= SHORTEST_OVERLAP_S else None

    def _beginning(self, index: int, further: float) -> Beginning:
        return Beginning(float(self.starts_s[index]) + further / RATE_HZ, float(self.correlation[index]),
                         float(self.overlap_s[index]))  # fmt: skip


def agreement_of(first: BodySignals, second: BodySignals) -> Agreement:
    """All signals together, each about its mean over the overlap: large motions count more than small ones."""
    count_a, count_b = len(first.times_s), len(second.times_s)
    size = next_fast_len(count_a + count_b - 1, real=True)
    shown_a, shown_b = (rfft(each.seen.astype(float), size) for each in (first, second))
    a, b = (rfft(each.values, size, axis=0) for each in (first, second))

    def over_shifts(spectrum: Array) -> Array:
        """sum_n x[n + shift] y[n], for shifts from -(count_b - 1) to count_a - 1."""
        return np.roll(irfft(spectrum, size, axis=0), count_b - 1, axis=0)[: count_a + count_b - 1]

    overlap = np.round(over_shifts(shown_a * shown_b.conj()))
    safe = np.maximum(overlap, 1.0)
    sums_a, sums_b = over_shifts(a * shown_b.conj()[:, None]), over_shifts(shown_a[:, None] * b.conj())
    squares_a, squares_b = (rfft((each.values**2).sum(axis=1), size) for each in (first, second))
    product = over_shifts((a * b.conj()).sum(axis=1)) - (sums_a * sums_b).sum(axis=1) / safe
    power_a = over_shifts(squares_a * shown_b.conj()) - (sums_a**2).sum(axis=1) / safe
    power_b = over_shifts(shown_a * squares_b.conj()) - (sums_b**2).sum(axis=1) / safe
    floor = _STILL_M**2 * safe
    shifts = np.arange(len(overlap)) - (count_b - 1)
    return Agreement(shifts / RATE_HZ + first.times_s[0] - second.times_s[0],
                     product / np.sqrt(np.maximum(power_a, floor) * np.maximum(power_b, floor)), overlap / RATE_HZ)


def _is_peak(weight: Array, index: int) -> bool:
    """At the edge of what is possible, or beside what has been taken, agreement may still rise."""
    return 0 < index < len(weight) - 1 and bool(np.isfinite(weight[[index - 1, index + 1]]).all())
