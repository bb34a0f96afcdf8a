"""From the time stamps in a file to a frame rate."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from motion.arrays import Array

USUAL_RATES = (
    Fraction(5), Fraction(8), Fraction(10), Fraction(12), Fraction(25, 2), Fraction(15000, 1001), Fraction(15),
    Fraction(20), Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(48),
    Fraction(50), Fraction(60000, 1001), Fraction(60), Fraction(90), Fraction(100), Fraction(120000, 1001),
    Fraction(120), Fraction(200), Fraction(240000, 1001), Fraction(240),
)  # fmt: skip
NEAR_USUAL = 0.03          # variable rates wander by more than two usual ones differ, so the nearest is meant
MAX_VARIABLE_RATE = 240    # bursts in screen recordings would ask for thousands of frames a second
STAMP_SLACK_S = 1e-4


def constant_rate(times_s: Array, tick_s: float, candidates: Iterable[Fraction]) -> Fraction | None:
    """The first candidate, else usual rate whose multiples are `times_s` but for the rounding to ticks, or None.

    times_s [F] starts at 0 and rises; tick_s is the unit that the file counts time in. A candidate that misses a
    usual rate by rounding, as 19001/317 misses 60000/1001, stands for that rate.
    """
    counts = np.arange(len(times_s))
    near = [rate for each in candidates for rate in (as_rate(float(each)), each)]
    for rate in (*near, *USUAL_RATES):
        if np.all(np.abs(times_s - counts / float(rate)) <= tick_s + STAMP_SLACK_S):
            return Fraction(rate)
    return None


def nearest_usual_rate(times_s: Array) -> Fraction:
    """The usual rate within 3 % of the median interval of times_s [F >= 2], else that rate as a short fraction."""
    measured = min(1.0 / float(np.median(np.diff(times_s))), MAX_VARIABLE_RATE)
    nearest = min(USUAL_RATES, key=lambda usual: abs(float(usual) - measured))
    if abs(float(nearest) - measured) <= NEAR_USUAL * measured:
        return nearest
    return max(Fraction(measured).limit_denominator(1001), Fraction(1, 1001))


def as_rate(frames_per_second: float) -> Fraction:
    """What a person means who types 29.97: 30000/1001."""
    nearest = min(USUAL_RATES, key=lambda usual: abs(float(usual) - frames_per_second))
    if abs(float(nearest) - frames_per_second) <= 1e-4 * frames_per_second:
        return nearest
    return Fraction(frames_per_second).limit_denominator(1001)
