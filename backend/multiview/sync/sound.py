"""When each of two clips began, from what both microphones heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.multiview.sync.onsets import STEP_S, Onsets
from backend.multiview.sync.sound_clock import WORST_CLOCK, lag_line
from backend.multiview.sync.sound_peak import (
    SHORTEST_OVERLAP_S,
    agreement_by_lag,
    highest,
    share_of_a_moment,
    whitened,
)

TRAVEL_S = 0.005             # sound takes this for the 1.7 m that one microphone is nearer than the other
LEAST_CONFIDENCE = 0.8       # made-up sounds: no wrong one among 77 matches, and none of 115 foreign pairs passed


@dataclass(frozen=True)
class SoundMatch:
    """When the second of two clips began."""

    start_s: float       # what the first clip's clock shows when the second's shows zero
    sigma_s: float       # how surely, if it is right; with the way from the people to the microphones
    confidence: float    # 0..1 that it is no chance
    clock_rate: float | None   # seconds of the second clip's clock in one of the first's; None: too short to tell


def heard_alike(first: Onsets, second: Onsets) -> SoundMatch | None:
    """None where one does not clearly hear what the other does."""
    shorter_s = min(len(first.values), len(second.values)) * STEP_S
    if shorter_s < SHORTEST_OVERLAP_S:
        return None
    a, b = whitened(first.values), whitened(second.values)
    apart_s = first.start_s - second.start_s
    peak = highest(agreement_by_lag(a, b, blur_s=WORST_CLOCK * shorter_s / 4), len(b))
    confidence = peak.confidence(share_of_a_moment(a, b, peak.lag))
    if confidence < LEAST_CONFIDENCE:
        return None
    line = lag_line(a, b, peak)
    start_s = apart_s + STEP_S * line.at - line.slope * second.start_s
    rate = 1.0 / (1.0 + line.slope) if line.is_sloped else None
    return SoundMatch(float(start_s), float(np.hypot(TRAVEL_S, STEP_S * line.sigma)), confidence, rate)
