"""Which still hands bear on something, and on one thing at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array, Mask
from ..figure import Figure
from ..runs import runs

_LOW_M = 0.15               # a still hand as low as that rests on the floor
_LEAST_TRAVEL_M = 0.05      # of the shoulder while a hand holds on to something
_TRAVEL_TO_HAND = 2.0       # and by how much more than the hand does: one that hangs sways along


def bearing_hands(held: Mask, points_world: Array, joints_world: Array, figure: Figure) -> Mask:
    """`held` [T, P] less the hands that are only still, as hanging and gesturing ones often are.

    A hand bears on the floor, or on what keeps it in place while the shoulder travels: a rail, a table, a wall.
    """
    held = held.copy()
    for p, name in enumerate(figure.point_names):
        arm = figure.limbs.get(name.replace("_palm", "_arm")) if name.endswith("_palm") else None
        for start, end in runs(held[:, p]) if arm is not None else ():
            hand = points_world[start:end, p]
            travel, own = _travel(joints_world[start:end, arm.upper]), _travel(hand)
            leans = travel > max(_LEAST_TRAVEL_M, _TRAVEL_TO_HAND * own)
            held[start:end, p] = leans or np.median(hand[:, 2]) < _LOW_M
    return held


def on_one_thing(held: Mask, probability: Array, names: Sequence[str], first_on_body: int) -> Mask:
    """`held` [T, C] with each palm on one part of the body at most, and not in the world then.

    Channels from `first_on_body` on hold to the body; of several the likeliest one stays.
    """
    held = held.copy()
    weight = np.sum(held * probability, axis=0)
    taken = {name: np.zeros(len(held), dtype=bool) for name in names[first_on_body:]}
    for channel in sorted(range(first_on_body, len(names)), key=lambda c: -weight[c]):
        for start, end in runs(held[:, channel]):
            if taken[names[channel]][start:end].any():
                held[start:end, channel] = False
        taken[names[channel]] |= held[:, channel]
    for p, name in enumerate(names[:first_on_body]):
        if name in taken:
            held[:, p] &= ~taken[name]
    return held


def _travel(places: Array) -> float:
    """By how far places [N, 3] m differ at most from their mean."""
    return float(np.linalg.norm(places - places.mean(axis=0), axis=-1).max())
