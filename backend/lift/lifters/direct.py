"""The lift in closed form, without a network."""

from __future__ import annotations

from backend.lift.direct.lift_direct import lift_direct
from backend.lift.lift import Lift
from backend.lift.wanted import WantedLift

TITLE = "Direct"
NOTE = "Joints straight from the landmarks by geometry, to compare"


def lift(wanted: WantedLift) -> Lift:
    return lift_direct(wanted.track, wanted.start.body, wanted.K, wanted.settings.direct)
