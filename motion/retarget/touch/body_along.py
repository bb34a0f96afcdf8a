"""By how much a body leaves the scaled path so that what rests can rest with limbs that point nearly as before."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...banded import BandedNormal
from ...clean_up.spans import places_over_time, resting_spans
from .held import Held

# How exactly each is wanted; only their ratios matter. The body is slower than (stance / smooth)^0.5 = 0.17 s.
_SMOOTH_M_S2 = 1.0     # acceleration of what is added to the path
_STANCE_M = 0.03       # where the body is over the feet it stands on
_ASTRAY_M = 0.1        # how far it leaves the path for that
_PLACE_M = 0.01        # where it sits, kneels or lies: no limb makes up for an error there
_SUNK_M, _RISING_M = 0.02, 0.02    # flesh gives so far; what is lower, and lower than the source's, rises so willingly
_OF_LIMBS = ("heel", "ball", "toe", "palm", "elbow")   # an arm or a leg is bent to keep these where they are
_LOW = ("seat_left", "seat_right", "back", "left_knee", "right_knee")

Wish = tuple[Array, Array]     # how far away something is [T, 3] m, and how much that counts [T]


def body_along(held: Held, limbs: list[Wish], R: Array, joints: Array) -> Array:
    """What [T, 3] m is added to the path.

    limbs: how far each is from where it rests, counting 0..1; R [T, J, 3, 3] and joints [T, J, 3] m: how the body is
    before.
    """
    points = held.figure.points(R, joints)
    wishes = [(away, share / _STANCE_M**2) for away, share in limbs]
    wishes = [wish for wish in wishes + _of_trunk(held, points) if wish[1].any()]
    moved = _followed(wishes, len(joints), held.rate) if wishes else np.zeros((len(joints), 3))
    low = [held.figure.point(name) for name in _LOW if name in held.figure.point_names]
    lowest = np.fmin(held.source_points[:, low, 2], -_SUNK_M)
    rise = (lowest - points[:, low, 2]).max(axis=1, initial=-np.inf)
    sunk = moved[:, 2] < rise
    if sunk.any():
        raised = (np.where(sunk, rise, 0.0)[:, None] * [0.0, 0.0, 1.0], sunk / _RISING_M**2)
        moved[:, 2:] = _followed([*wishes, raised], len(joints), held.rate, slice(2, 3))
    return moved


def _of_trunk(held: Held, points: Array) -> list[Wish]:
    """Of the points that no bent limb could keep where they rest."""
    wishes = []
    for c, name in enumerate(held.names):
        if not name.endswith(_OF_LIMBS) and held.held[:, c].any():
            point = points[:, held.figure.point(name)]
            spans = resting_spans(held.held[:, c], point, held.height_m[:, c], held.rate)
            places = places_over_time(spans, len(point))
            known = np.isfinite(places[:, 0])
            wishes.append((np.where(known[:, None], places - point, 0.0), known / _PLACE_M**2))
    return wishes


def _followed(wishes: list[Wish], frames: int, rate: float, axes: slice = slice(None)) -> Array:
    """The smooth, small displacement [T, N] m along `axes` that comes near to the wishes."""
    weights = np.array([weight for _, weight in wishes])
    total = weights.sum(axis=0)
    aim = np.einsum("wt,wtd->td", weights / np.maximum(total, 1e-300), np.array([wish for wish, _ in wishes]))
    aim = aim[:, axes]
    normal = BandedNormal(frames, 1, 2, aim.shape[1])
    normal.add_differences(np.array([1.0, -2.0, 1.0]), np.full(max(frames - 2, 0), rate**3 / _SMOOTH_M_S2**2))
    normal.add_differences(np.ones(1), np.full(frames, _ASTRAY_M**-2 / rate))
    normal.add_differences(np.ones(1), total / rate, aim[:, None])
    return normal.solve()[:, 0]
