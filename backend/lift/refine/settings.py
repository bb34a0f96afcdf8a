"""How a lift is refined."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RefineSettings:
    """How far a lift is brought nearer to the landmarks.

    Chosen on rendered_dev, lifted by a hardly trained network (102.2 mm MPJPE, 78.8 PA, 8.2 m/s^2). Refined with these:
    95.2, 72.6 and 8.2. Half or twice any of them changes MPJPE by less than 1 mm; knots every 0.1 s make it 95.0 with
    8.4 m/s^2. A direct lift, which already fits the picture, gains 1 mm.
    """

    rounds: int = 3                        # of the refinement of the lift
    knots_s: float = 0.2                   # seconds from knot to knot of that correction
    landmark_errors_last_s: float = 0.16   # seconds for which a landmark stays wrong alike
    lift_errors_last_s: float = 0.16       # and the network
    neighbours_differ_rad: float = 0.2     # between the errors of a part and the one that carries it
    gross: float = 4.0                     # sigmas from which a landmark is doubted
    backward_bend: float = 0.05            # the sine by which knees and elbows give way when straight
