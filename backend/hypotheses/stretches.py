"""Over which frames samples scatter by more than an artist cares about."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array, Mask
from motion.hypotheses.to_check import CARES_M
from motion.runs import runs

_WITHIN = 0.9        # of the samples: how far the main motion may well be off
_GOES_ON = 0.7       # of what begins a stretch
_JOINED_S = 0.3      # a shorter calm belongs to a stretch
LEAST_S = 0.33       # a shorter one is over before an artist sees it
_LONGEST_S = 3.0     # longer ones are looked at in parts, since whoever differs all the time does so in several ways
_HALF = 0.5


def scatter_of(offsets_m: Array, weights: Array) -> Array:
    """[T] within which lie nine of ten samples, by weights [N, T]; offsets_m [N, T] from the main motion."""
    order = np.argsort(offsets_m, axis=0)
    below = np.cumsum(np.take_along_axis(weights, order, axis=0), axis=0)
    number = np.argmax(below >= _WITHIN * below[-1] - 1e-9, axis=0)
    return np.take_along_axis(np.take_along_axis(offsets_m, order, axis=0), number[None], axis=0)[0]


def stretches(scatter_m: Array, rate: float) -> list[tuple[int, int]]:
    """First and last frames in which a scatter [T] m lies over what an artist cares about, none too long."""
    least = max(1, round(LEAST_S * rate))
    wide = _joined(scatter_m >= _GOES_ON * CARES_M, round(_JOINED_S * rate))
    found = [(start, stop) for start, stop in runs(wide)
             if stop - start >= least and scatter_m[start:stop].max() >= CARES_M]  # fmt: skip
    return [part for start, stop in found for part in _parts(scatter_m, start, stop, round(_LONGEST_S * rate))]


def lasting(size_m: Array, first: int, last: int) -> tuple[int, int]:
    """The frames about the largest of size_m [T] between two frames in which something keeps half of that size."""
    peak = first + int(np.argmax(size_m[first : last + 1]))
    keeps = size_m >= max(_HALF * size_m[peak], min(_GOES_ON * CARES_M, size_m[peak]))
    return next((start, stop - 1) for start, stop in runs(keeps) if start <= peak < stop)


def _joined(flags: Mask, gap: int) -> Mask:
    """Flags [T] with calms of at most `gap` frames between two stretches filled."""
    filled = np.array(flags)
    for start, stop in runs(~flags):
        if 0 < start and stop < len(flags) and stop - start <= gap:
            filled[start:stop] = True
    return filled


def _parts(scatter_m: Array, start: int, stop: int, longest: int) -> list[tuple[int, int]]:
    """A stretch cut where it scatters least, away from its ends, until no part is too long."""
    if stop - start <= longest:
        return [(start, stop - 1)]
    margin = longest // 3
    cut = start + margin + int(np.argmin(scatter_m[start + margin : stop - margin]))
    return _parts(scatter_m, start, cut, longest) + _parts(scatter_m, cut, stop, longest)
