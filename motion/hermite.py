"""Cubic curves through some of many samples: what Blender plays of Bezier keys whose handles reach a third of the way.

With handles at a third of the time between two keys, the time of a Bezier curve is straight in its parameter, so that
it is the cubic Hermite curve of its values and slopes.
"""

from __future__ import annotations

import numpy as np

from .arrays import Array, Indices

# How much the slope that a key's neighbours have counts beside the samples between keys: decides only where those are
# none or one, as of keys in neighbouring frames.
_NEIGHBOURS_COUNT = 0.02


def curve_through(times: Array, keys: Indices, values: Array, slopes: Array) -> Array:
    """[T, C] at times [T] of curves through values [T, C] at keys [N] (first and last included), slopes [N, C]."""
    before, length, u = _between(times, keys)
    start, end = values[keys[before]], values[keys[before + 1]]
    straight = start + (u * u * (3.0 - 2.0 * u))[:, None] * (end - start)
    leaves, arrives = _slope_shares(length, u)
    return straight + leaves[:, None] * slopes[before] + arrives[:, None] * slopes[before + 1]


def fitted_slopes(times: Array, keys: Indices, values: Array) -> Array:
    """Slopes [N, C] with which curves through values [T, C] at keys [N] come nearest to all of the values.

    Least squares; where the values between two keys stay between theirs, so does the curve (F. N. Fritsch and
    R. E. Carlson, Monotone piecewise cubic interpolation, SIAM J. Numer. Anal. 17, 1980).
    """
    before, length, u = _between(times, keys)
    leaves, arrives = _slope_shares(length, u)
    missing = values - curve_through(times, keys, values, np.zeros((len(keys), values.shape[1])))
    starts = keys[:-1]

    def summed(terms: Array) -> Array:
        return np.add.reduceat(terms[: keys[-1]], starts, axis=0)

    diagonal = np.full(len(keys), _NEIGHBOURS_COUNT)
    diagonal[:-1] += summed(leaves**2)
    diagonal[1:] += summed(arrives**2)
    right = _NEIGHBOURS_COUNT * np.gradient(values, times, axis=0)[keys]
    right[:-1] += summed(leaves[:, None] * missing)
    right[1:] += summed(arrives[:, None] * missing)
    slopes = _solve_tridiagonal(diagonal, summed(leaves * arrives), right)
    return _without_overshoot(times, keys, values, slopes)


def _between(times: Array, keys: Indices) -> tuple[Indices, Array, Array]:
    """Of each time [T], the key before it, by its place among the keys, the time between the two, and the share."""
    before = np.clip(np.searchsorted(keys, np.arange(len(times)), side="right") - 1, 0, len(keys) - 2)
    length = np.diff(times[keys])[before]
    return before, length, (times - times[keys[before]]) / length


def _slope_shares(length: Array, u: Array) -> tuple[Array, Array]:
    """How much a slope of 1 at the key before, and at that after, adds."""
    return length * u * (1.0 - u) ** 2, length * u * u * (u - 1.0)


def _solve_tridiagonal(diagonal: Array, beside: Array, right: Array) -> Array:
    """x [N, C] of a symmetric positive definite system (Thomas); diagonal [N], beside [N-1], right [N, C]."""
    pivots, x = np.array(diagonal), np.array(right)
    for i in range(1, len(pivots)):
        share = beside[i - 1] / pivots[i - 1]
        pivots[i] -= share * beside[i - 1]
        x[i] -= share * x[i - 1]
    x[-1] /= pivots[-1]
    for i in range(len(pivots) - 2, -1, -1):
        x[i] = (x[i] - beside[i] * x[i + 1]) / pivots[i]
    return x


def _without_overshoot(times: Array, keys: Indices, values: Array, slopes: Array) -> Array:
    """Slopes [N, C] that let no curve leave the span of two keys between which no value leaves it."""
    start, end = values[keys[:-1]], values[keys[1:]]
    least = np.minimum(np.minimum.reduceat(values[: keys[-1]], keys[:-1], axis=0), end)
    most = np.maximum(np.maximum.reduceat(values[: keys[-1]], keys[:-1], axis=0), end)
    within = (least >= np.minimum(start, end)) & (most <= np.maximum(start, end))
    steepest = 3.0 * (end - start) / np.diff(times[keys])[:, None]
    low = np.where(within, np.minimum(steepest, 0.0), -np.inf)
    high = np.where(within, np.maximum(steepest, 0.0), np.inf)
    slopes = np.array(slopes)
    for part in (slopes[:-1], slopes[1:]):
        np.clip(part, low, high, out=part)
    return slopes
