"""How a lift is refined."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RefineSettings:
    """Chosen on rendered_dev."""

    rounds: int = 3
    knots_s: float = 0.1                   # from knot to knot of the correction
    landmark_errors_last_s: float = 0.16   # lag-one correlation 0.9 at 60 frames a second
    lift_errors_last_s: float = 0.16
    neighbours_differ_rad: float = 0.2     # between the errors of a part and the one that carries it
    gross: float = 4.0                     # sigmas from which a landmark is doubted
    backward_bend: float = 0.05            # the sine by which knees and elbows give way when straight
