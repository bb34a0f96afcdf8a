"""The lag at which two sounds agree best, and whether that is no chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from backend.multiview.sync.onsets import STEP_S, Float32
from backend.multiview.sync.parabola import between
from motion.arrays import Array

SHORTEST_OVERLAP_S = 1.5
_RHYTHM_HZ = 0.25            # resolution at which what repeats is flattened
CHANCE_HEIGHT = 4.0          # of the highest of some thousand lags without any agreement
_SAME_PEAK_S = 0.15
_MOMENT_S = 0.3
# Of one, the runner-up over the peak, its height up to _HIGH, and the share of one moment from _LEAST_SHARE on.
_LOGISTIC, _HIGH, _LEAST_SHARE = np.array([4.9, -7.8, 0.36, -5.4]), 12.0, 0.5


@dataclass(frozen=True)
class Peak:
    """Where two sounds agree best."""

    lag: float           # row of the first on which the second's first row lies
    height: float        # in deviations of what chance gives
    runner_up: float     # height of the best elsewhere, CHANCE_HEIGHT at least

    def confidence(self, share: float) -> float:
        """0..1 that it is no chance; as often right in 350 pairs of made-up sounds, half of them foreign.

        `share` of the agreement that one moment has, see share_of_a_moment: any two clips have a bang somewhere.
        """
        if self.height <= 0.0:
            return 0.0
        said = np.array([1.0, self.runner_up / self.height, min(self.height, _HIGH), max(share, _LEAST_SHARE)])
        return float(1.0 / (1.0 + np.exp(-_LOGISTIC @ said)))


def whitened(values: Float32) -> Float32:
    """Onsets [N, 10] without what repeats: all frequencies of their coming and going equally strong.

    A beat then agrees with itself where it lies and little a beat later (after Knapp & Carter 1976, whose phase
    transform does it with every single frequency).
    """
    count = next_fast_len(len(values) + round(1.0 / STEP_S), real=True)
    spectrum = rfft(values, count, axis=0)
    power = uniform_filter1d((np.abs(spectrum) ** 2).mean(axis=1), max(1, round(_RHYTHM_HZ * count * STEP_S)))
    spectrum /= np.sqrt(np.maximum(power, 1e-9 * power.max() + 1e-30))[:, None]
    return irfft(spectrum, count, axis=0)[: len(values)].astype(np.float32)


def agreement_by_lag(a: Float32, b: Float32, blur_s: float = 0.0) -> Array:
    """[N_a + N_b - 1] for b's first row on a's rows -(N_b - 1) to N_a - 1, in deviations of what chance gives."""
    count = next_fast_len(len(a) + len(b), real=True)
    together = (rfft(a, count, axis=0) * np.conj(rfft(b, count, axis=0))).sum(axis=1)
    lags = np.arange(-(len(b) - 1), len(a))
    overlap = np.minimum(len(a), lags + len(b)) - np.maximum(0, lags)
    agreement = gaussian_filter1d(irfft(together, count)[lags % count] / np.sqrt(overlap), max(1.0, blur_s / STEP_S))
    enough = overlap * STEP_S >= SHORTEST_OVERLAP_S
    usual = np.median(agreement[enough])
    deviation = 1.4826 * np.median(np.abs(agreement[enough] - usual))
    return np.where(enough, (agreement - usual) / (deviation + 1e-12), 0.0)


def highest(agreement: Array, second_count: int) -> Peak:
    """Of agreement_by_lag for a second sound of so many rows."""
    lags = np.arange(len(agreement)) - (second_count - 1)
    rises, falls = (np.diff(agreement, **{side: 0.0}) for side in ("prepend", "append"))
    peaks = np.where((rises >= 0) & (falls <= 0), agreement, 0.0)
    best = int(np.argmax(peaks))
    elsewhere = np.abs(lags - lags[best]) * STEP_S > _SAME_PEAK_S
    return Peak(lags[best] + between(agreement, best), float(peaks[best]),
                float(peaks[elsewhere].max(initial=CHANCE_HEIGHT)))  # fmt: skip


def share_of_a_moment(a: Float32, b: Float32, lag: float) -> float:
    """How much of what whitened onsets agree in at a lag lies within _MOMENT_S; above 1 where the rest speaks against.
    """
    begin, skipped = max(0, round(lag)), max(0, -round(lag))
    rows = min(len(a) - begin, len(b) - skipped)
    agreement = np.einsum("nb,nb->n", a[begin : begin + rows], b[skipped : skipped + rows])
    return float(np.convolve(agreement, np.ones(round(_MOMENT_S / STEP_S)), "same").max() / max(agreement.sum(), 1e-9))
