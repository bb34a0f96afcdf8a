"""Several people on one floor: where they stand tells how tall they are to each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.lift.lift import Lift
from backend.world.floor import own_floor_offset
from motion.arrays import Array

# One camera sees size over distance only. Who would stand on the first person's floor if they were up to so much
# taller or smaller, and nearer or farther in proportion, does; anybody else stands on a roof, a stage or a chair.
_LARGEST_FACTOR = 1.35


def sized_by_floor(lifts: list[Lift], up: Array, first_is_known: bool) -> list[Lift]:
    """The lifts with bodies and distances scaled about the camera so that they share the first one's floor.

    `up` [3] in the camera's frame. When the first person's height is not known either, all are scaled together until
    they are of average height in the (geometric) mean. Bodies of an SMPL-X file keep their size, which betas give.
    """
    offsets = [own_floor_offset(lift, up) for lift in lifts]
    together = [_share_a_floor(offsets[0], own) for own in offsets]
    factors = np.array([offsets[0] / own if shared else 1.0 for own, shared in zip(offsets, together, strict=True)])
    if not first_is_known:
        factors[together] /= np.exp(np.mean(np.log(factors[together]))) if any(together) else 1.0
    return [_scaled(lift, factor) for lift, factor in zip(lifts, factors, strict=True)]


def _share_a_floor(first: float, own: float) -> bool:
    """Whether both stand below the camera and a factor between the two floors is that of two people's sizes."""
    return first < 0.0 and own < 0.0 and 1.0 / _LARGEST_FACTOR < first / own < _LARGEST_FACTOR


def _scaled(lift: Lift, factor: float) -> Lift:
    """The same picture from a body `factor` times as large, `factor` times as far away."""
    if lift.body.model.name != "open" or factor == 1.0:
        return lift
    return replace(lift, body=lift.body.scaled(factor), root_camera=factor * lift.root_camera)
