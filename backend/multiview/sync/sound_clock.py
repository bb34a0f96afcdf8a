"""How two clocks run against each other, from the lags of parts of what both heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from backend.multiview.sync.onsets import STEP_S, Float32
from backend.multiview.sync.parabola import between
from backend.multiview.sync.sound_peak import Peak
from motion.arrays import Array

WORST_CLOCK = 1e-4           # by which two clocks differ at most; those of phones do by 10 to 50 millionths
SURE_CLOCK = 10e-6           # deviation up to which their difference is known at all
_PIECE_S = 20.0
_REACH_S = 0.05              # around where the whole agrees, besides what the clocks may differ
_STANDS_OUT = 5.0            # deviations of the lags around
_FEWEST = 4                  # pieces that make a line
_LEAST_SCATTER = 0.25        # rows; few pieces agree by chance better than they are


@dataclass(frozen=True)
class LagLine:
    """What to add to rows of the second sound for those of the first: at + slope * row."""

    at: float
    slope: float         # 0 where unknown
    sigma: float         # rows, of the lag in the middle of what both heard
    is_sloped: bool      # the slope is known


def lag_line(a: Float32, b: Float32, peak: Peak) -> LagLine:
    """From whitened onsets [N, 10] and the lag at which they agree as wholes."""
    rows, lags = _pieces(a, b, peak.lag)
    if not len(lags):
        return LagLine(peak.lag, 0.0, 1.0, False)
    slope, sigma = _slope(rows, lags) if len(lags) >= _FEWEST else (0.0, np.inf)
    is_sloped = sigma <= SURE_CLOCK and abs(slope) <= 2 * WORST_CLOCK
    level = lags - slope * rows if is_sloped else lags
    sigma_of_all = _scatter(level) / np.sqrt(len(lags))
    return LagLine(float(np.median(level)), slope if is_sloped else 0.0, sigma_of_all, is_sloped)


def _slope(rows: Array, lags: Array) -> tuple[float, float]:
    """The median of the slopes between all pairs (Theil 1950; Sen 1968), and its deviation."""
    first, second = np.triu_indices(len(rows), 1)
    slope = float(np.median((lags[second] - lags[first]) / (rows[second] - rows[first])))
    return slope, _scatter(lags - slope * rows) / (float(np.std(rows)) * np.sqrt(len(rows)))


def _scatter(values: Array) -> float:
    return max(_LEAST_SCATTER, 1.4826 * float(np.median(np.abs(values - np.median(values)))))


def _pieces(a: Float32, b: Float32, lag: float) -> tuple[Array, Array]:
    """Middle rows of b's pieces and their lags, [P] each, of those that tell one."""
    whole = round(lag)
    begin, end = max(0, -whole), min(len(b), len(a) - whole)
    overlap_s = (end - begin) * STEP_S
    reach = round((_REACH_S + WORST_CLOCK * overlap_s) / STEP_S)
    edges = np.linspace(begin, end, max(1, round(overlap_s / _PIECE_S)) + 1).astype(int)
    found = [(0.5 * (start + stop), whole + near) for start, stop in zip(edges, edges[1:])
             if (near := _lag_near(a, b[start:stop], start + whole, reach)) is not None]  # fmt: skip
    rows, lags = np.array(found).reshape(-1, 2).T
    return rows, lags


def _lag_near(a: Float32, piece: Float32, row: int, reach: int) -> float | None:
    """Rows from `row` of the first sound to where the piece lies; None where it tells nothing up to `reach`."""
    agreement = gaussian_filter1d([_agreement(a, piece, row + shift) for shift in range(-reach, reach + 1)], 1.0)
    best = int(np.argmax(agreement))
    usual = np.median(agreement)
    stands_out = agreement[best] - usual > _STANDS_OUT * 1.4826 * np.median(np.abs(agreement - usual))
    return best - reach + between(agreement, best) if stands_out and 0 < best < 2 * reach else None


def _agreement(a: Float32, piece: Float32, row: int) -> float:
    part, skipped = a[max(0, row) : max(0, row + len(piece))], max(0, -row)
    return float(np.vdot(part, piece[skipped : skipped + len(part)]))
