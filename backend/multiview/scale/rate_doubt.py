"""Whether somebody falls as fast as the Earth pulls; if not, the clip's frame rate is not that of its pictures."""

from __future__ import annotations

import numpy as np

from backend.multiview.scale.flight import GRAVITY_M_S2, Flight, fall_of, flights
from motion.arrays import Array

_LEAST_FACTOR = 1.2       # of time, below which nobody is troubled
_SIGNIFICANT = 3.0        # sigmas
_FEWEST_FLIGHTS = 2       # one alone may be something else
_LEAST_BEND_M = 0.07      # of their paths, as in 0.24 s of flight: who lowers themselves hanging goes less far


def rate_doubt(landmarks: Array, times_s: Array, up: Array, metres_per_unit: float, sigma_log: float) -> str | None:
    """A sentence when flights in landmarks [T, 33, 3] at times_s [T] say that time runs at another speed; else None.

    `metres_per_unit` is known to `sigma_log`, and not from flights.
    """
    factor = time_factor(flights(landmarks, times_s, up, metres_per_unit), metres_per_unit, sigma_log)
    if factor is None:
        return None
    how, why = ("slowly", "slow motion") if factor > 1.0 else ("fast", "sped up")
    return (f"The person falls as if the clip were played {max(factor, 1.0 / factor):.2g} times too {how}; "
            f"if it is {why}, give its recorded frame rate.")  # fmt: skip


def time_factor(found: tuple[Flight, ...], metres_per_unit: float, sigma_log: float) -> float | None:
    """How many times longer flights last than they should; None where that is right or not known well enough."""
    fall = fall_of([flight for flight in found if flight.bend * metres_per_unit > _LEAST_BEND_M])
    if fall is None or fall.count < _FEWEST_FLIGHTS:
        return None
    factor_log = 0.5 * float(np.log(GRAVITY_M_S2 / (fall.rate * metres_per_unit)))
    sure = abs(factor_log) > _SIGNIFICANT * 0.5 * np.hypot(fall.sigma_log, sigma_log)
    return float(np.exp(factor_log)) if sure and abs(factor_log) > np.log(_LEAST_FACTOR) else None
