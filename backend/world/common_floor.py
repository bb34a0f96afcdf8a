"""Several people on one floor: where they stand tells how tall they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.lift.lift import Lift
from backend.world.floor import own_floor_offset
from motion.arrays import Array

# One camera sees size over distance only. Who would stand on the first person's floor if they were up to so much
# taller or smaller, and nearer or farther in proportion, does; anybody else stands on a roof, a stage or a chair.
_LARGEST_FACTOR = 1.25


def sized_by_floor(lifts: list[Lift], up: Array) -> list[Lift]:
    """The lifts, all but the first one's body and distance scaled about the camera onto the first one's floor.

    `up` [3] in the camera's frame. Bodies of an SMPL-X file keep their size, which their betas give.
    """
    offsets = [own_floor_offset(lift, up) for lift in lifts]
    first = offsets[0]
    return lifts[:1] + [_scaled(lift, first / own) if _plausible(first, own) else lift
                        for lift, own in zip(lifts[1:], offsets[1:], strict=True)]  # fmt: skip


def _plausible(first: float, own: float) -> bool:
    """Whether both stand below the camera and a factor between the two floors is that of two people's sizes."""
    return first < 0.0 and own < 0.0 and 1.0 / _LARGEST_FACTOR < first / own < _LARGEST_FACTOR


def _scaled(lift: Lift, factor: float) -> Lift:
    """The same picture from a body `factor` times as large, `factor` times as far away."""
    if lift.body.model.name != "open":
        return lift
    body = lift.body.model.shaped(lift.body.shape, lift.body.scale * factor)
    return replace(lift, body=body, root_camera=np.asarray(lift.root_camera) * factor)
