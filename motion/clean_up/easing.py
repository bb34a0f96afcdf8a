"""Offsets over time that are what is wanted where something holds, and fade smoothly where nothing does.

A beam on an elastic foundation: bent little, small, and nailed down at some frames.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Array, Mask
from ..banded import BandedNormal

FADE_PER_S = 10.0      # beta of the beam: an offset left alone has faded to a twentieth after 2 / beta = 0.2 s
_NAIL = 1e7            # stiffness of a nail against that of the beam between two frames
_ROUNDS = 12           # of finding out which frames an envelope rests on
_TOUCHING = 1e-5


def eased(wanted: Array, share: Array, rate: float, fade_per_s: float = FADE_PER_S) -> Array:
    """Offsets [T, D] that are wanted [T, D] where share [T] is 1, free where it is 0, and fade away from there."""
    if not np.any(share > 0.0):
        return np.zeros_like(wanted)
    beam = _beam(*wanted.shape, rate, fade_per_s)
    aim = np.where(share[:, None] > 0.0, wanted, 0.0)
    beam.add_differences(np.ones(1), _NAIL * rate**3 * share, aim[:, None])
    return beam.solve()[:, 0]


def envelope(least: Array, rate: float, nailed: Mask | None = None, fade_per_s: float = FADE_PER_S) -> Array:
    """The smoothest small curve [T] that is nowhere below `least` [T] nor below zero; zero where nailed [T]."""
    nailed = np.zeros(len(least), dtype=bool) if nailed is None else nailed
    bound = np.where(nailed, 0.0, np.maximum(least, 0.0))
    if not np.any(bound > 0.0):
        return np.zeros_like(bound)
    resting = _peaks(bound) | nailed
    for _ in range(_ROUNDS):
        curve = eased(bound[:, None], resting.astype(np.float64), rate, fade_per_s)[:, 0]
        pulled_down = resting & (curve > bound) & ~nailed
        below = curve < bound - _TOUCHING
        if not below.any() and not (pulled_down & (curve > bound + _TOUCHING)).any():
            break
        resting = (resting & ~pulled_down) | below
    return np.maximum(curve, bound)


def _peaks(bound: Array) -> Mask:
    """Frames at which a curve over `bound` [T] rests first."""
    before, after = np.append(0.0, bound[:-1]), np.append(bound[1:], 0.0)
    return (bound > 0.0) & (bound >= before) & (bound >= after)


def _beam(frames: int, width: int, rate: float, fade_per_s: float) -> BandedNormal:
    """u'' squared and 4 beta^4 u squared, summed over time, for each of `width` beams."""
    beam = BandedNormal(frames, 1, 2, width)
    beam.add_differences(np.array([1.0, -2.0, 1.0]), np.full(max(frames - 2, 0), rate**3))
    beam.add_differences(np.ones(1), np.full(frames, 4.0 * fade_per_s**4 / rate))
    return beam
