"""Moves the whole body so that what rests stays where it is, at its height, before any joint is turned.

One least squares over all frames for the displacement d of the root: resting points do not move and lie at their
heights, d is smooth, and the body stays near where it was seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Mask
from ..banded import BandedNormal

# How exactly each is known. Their ratios are what matters: noise of the feet that is faster than still / smooth
# = 0.15 s is left to the legs, a drift slower than seen / still = 2 s to the footage. Half of still takes 0.2 mm a
# frame from what feet slide on rendered_dev and adds 2 mm to the error of the path; twice it, the other way round.
_STILL_M_S = 0.15       # a resting point's speed
_HEIGHT_M = 0.01        # and its height
_SMOOTH_M_S2 = 1.0      # acceleration of the displacement
_SEEN_M = 0.3           # where the body was seen, its error lasting about a second
_PLACE_M = 0.003        # a place on which the trunk rests: no limb could make up for an error there
_STANCE_M = 0.03        # where the body is over the feet it stands on
_ASTRAY_M = 0.1         # how far it goes along with them
_TRUNK = 10.0           # how much more a resting seat or knee counts than a foot, for the same reason
_TORN_M_S, _TORN_M = 0.5, 0.1      # points that go faster, or lie farther from their height, count ever less
_IN_FLIGHT = 0.05       # of the smoothness upwards where nothing rests
_SUNK_M, _RISING_M = 0.02, 0.02    # what is not held may sink this far, and rises so willingly
_PATIENCE = (4.0, 2.0, 1.0, 1.0)   # by round: how much more is let pass while the path may still slide as a whole


@dataclass(frozen=True, eq=False)
class Resting:
    """C points that rest on the world at times."""

    points: Array       # [T, C, 3] m
    held: Mask          # [T, C]
    height_m: Array     # [T, C]
    of_trunk: Mask      # [C] whether no arm or leg can be bent to keep it where it is
    certainty: Array    # [T, C] 0..1: limbs that nobody saw hold nobody back

    def importance(self) -> Array:
        """[T, C]"""
        return np.where(self.of_trunk, _TRUNK, 1.0) * self.certainty


def root_displacement(
    resting: Resting, others: Array, rate: float, places: Array | None = None, sight: Array | None = None
) -> Array:
    """d [T, 3] m, to be added to the root.

    others [T, Q, 3] m must not sink far into the floor; places [T, C, 3] m, NaN where unknown, of the points of the
    trunk; sight [T, 3, 3] m^-2 is how well the place of the body is known, its errors lasting about a second.
    """
    d = np.zeros((len(resting.points), 3))
    if not resting.held.any() and not np.any(others[..., 2] < -_SUNK_M):
        return d
    sight = np.full(len(d), _SEEN_M**-2) if sight is None else sight
    for patience in _PATIENCE:
        normal = BandedNormal(len(d), 3, 2)
        normal.add_differences(np.ones(1), sight / rate)
        normal.add_differences(np.array([1.0, -2.0, 1.0]), _smoothness(resting.held, rate))
        _hold_still(normal, resting, d, rate, patience)
        _hold_at_height(normal, resting, d, rate, patience)
        _let_none_sink(normal, others, d, rate)
        if places is not None:
            _hold_at_places(normal, resting.points, places, rate)
        d = normal.solve()
    return d


def _smoothness(held: Mask, rate: float) -> Array:
    """[T-2, 3]; what was taken from a jump's take-off is not taken from its height."""
    weights = np.full((max(len(held) - 2, 0), 3), rate**3 / _SMOOTH_M_S2**2)
    weights[~held[1:-1].any(axis=1), 2] *= _IN_FLIGHT
    return weights


def followed(
    wishes: Array, shares: Array, sitting: Mask, rate: float, sight: Array | None = None
) -> Array:  # fmt: skip
    """A further displacement [T, 3] m of the root after limbs got wishes [T, L, 3] m, held [T, L] 0..1, for their ends.

    The body goes along with its feet so that the knees stay as they were; where the trunk rests, sitting [T], it stays.
    """
    frames = len(wishes)
    if not np.any(shares > 0.0):
        return np.zeros((frames, 3))
    normal = BandedNormal(frames, 3, 2)
    normal.add_differences(np.array([1.0, -2.0, 1.0]), np.full(max(frames - 2, 0), rate**3 / _SMOOTH_M_S2**2))
    normal.add_differences(np.ones(1), (_ASTRAY_M**-2 + sitting * _PLACE_M**-2) / rate)
    if sight is not None:
        normal.add_differences(np.ones(1), sight / rate)
    weights = shares / (_STANCE_M**2 * rate)
    normal.add_differences(np.ones(1), weights.sum(axis=1), _mean(wishes, weights))
    return normal.solve()


def _hold_still(normal: BandedNormal, resting: Resting, d: Array, rate: float, patience: float) -> None:
    steps = np.diff(resting.points, axis=0)
    held = resting.held[1:] & resting.held[:-1]
    speed = np.linalg.norm(steps + np.diff(d, axis=0)[:, None], axis=-1) * rate
    importance = resting.importance()
    weights = held * _counting(speed / (patience * _TORN_M_S)) * np.minimum(importance[1:], importance[:-1])
    weights = weights * rate / _STILL_M_S**2
    normal.add_differences(np.array([-1.0, 1.0]), weights.sum(axis=1), -_mean(steps, weights))


def _hold_at_height(normal: BandedNormal, resting: Resting, d: Array, rate: float, patience: float) -> None:
    above = resting.points[..., 2] - resting.height_m
    off = np.abs(above + d[:, None, 2])
    weights = resting.held * _counting(off / (patience * _TORN_M)) * resting.importance() / (_HEIGHT_M**2 * rate)
    _add_vertical(normal, -above, weights)


def _let_none_sink(normal: BandedNormal, others: Array, d: Array, rate: float) -> None:
    sunk = others[..., 2] + _SUNK_M
    weights = (sunk + d[:, None, 2] < 0.0) / (_RISING_M**2 * rate)
    _add_vertical(normal, -sunk, weights)


def _hold_at_places(normal: BandedNormal, points: Array, places: Array, rate: float) -> None:
    known = np.isfinite(places).all(axis=-1)
    weights = known / (_PLACE_M**2 * rate)
    wanted = np.where(known[..., None], places - points, 0.0)
    normal.add_differences(np.ones(1), weights.sum(axis=1), _mean(wanted, weights))


def _add_vertical(normal: BandedNormal, wanted: Array, weights: Array) -> None:
    """Terms of the third direction alone; wanted and weights [T, C]."""
    total = np.zeros_like(normal.right)
    aim = np.zeros_like(normal.right)
    total[:, 2] = weights.sum(axis=1)
    aim[:, 2] = _mean(wanted[..., None], weights)[:, 0]
    normal.add_differences(np.ones(1), total, aim)


def _counting(error: Array) -> Array:
    """1 for no error, ever less for more: Geman and McClure's."""
    return 1.0 / (1.0 + error**2) ** 2


def _mean(values: Array, weights: Array) -> Array:
    """[T, D] of values [T, C, D]; zero where nothing counts."""
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    return np.einsum("tc,tcd->td", weights / total, values)
