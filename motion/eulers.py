"""Rotations from angles about axes in any order, and as Euler angles in Blender's six, continuous over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .arrays import Array, Indices

_NO_COSINE = 1e-5   # of the middle angle: the outer two then turn about one axis, and only together mean something


def turned_about(axes: Sequence[str], angles_rad: Array) -> Array:
    """Products [..., 3, 3] of the turns about axes such as "ZXY" by angles [..., A], the first named leftmost."""
    R = np.broadcast_to(np.eye(3), angles_rad.shape[:-1] + (3, 3))
    for place, axis in enumerate(axes):
        turn = _about(axis, angles_rad[..., place])
        R = turn if place == 0 else R @ turn
    return R


def _about(axis: str, angles_rad: Array) -> Array:
    """Turns [..., 3, 3] about "X", "Y" or "Z"."""
    first = "XYZ".index(axis)
    second, third = (first + 1) % 3, (first + 2) % 3
    cosine, sine = np.cos(angles_rad), np.sin(angles_rad)
    R = np.zeros(angles_rad.shape + (3, 3))
    R[..., first, first] = 1.0
    R[..., second, second], R[..., third, third] = cosine, cosine
    R[..., third, second], R[..., second, third] = sine, -sine
    return R


def matrix_from_eulers(angles: Array, order: str) -> Array:
    """Matrices [..., 3, 3] of angles [..., 3] rad about X, Y and Z, the first letter of `order` turning first."""
    last_first = order[::-1]
    return turned_about(last_first, np.asarray(angles)[..., ["XYZ".index(axis) for axis in last_first]])


def eulers_from_matrix(R: Array, order: str) -> Array:
    """Angles [T, ..., 3] rad about X, Y and Z of matrices [T, ..., 3, 3] over time, for an `order` such as "XYZ".

    Blender's order: the first letter turns first, so that "XYZ" means R = Z @ Y @ X. Neighbouring frames get the
    nearest of the two triples that mean the same, and whole turns count on. Where the outer axes lie in one line, the
    first angle stays. (K. Shoemake, Euler Angle Conversion, Graphics Gems IV, 1994.)
    """
    i, j, k = ("XYZ".index(letter) for letter in order)
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    R = np.asarray(R, dtype=np.float64)
    first = _held(np.arctan2(sign * R[..., k, j], R[..., k, k]), np.hypot(R[..., k, j], R[..., k, k]) > _NO_COSINE)
    cosine, sine = np.cos(first), sign * np.sin(first)
    # R without its first turn is the other two alone: its entries tell them wherever the first angle is.
    middle = np.arctan2(-sign * R[..., k, i], cosine * R[..., k, k] + sine * R[..., k, j])
    last = np.arctan2(sign * (sine * R[..., i, k] - cosine * R[..., i, j]), cosine * R[..., j, j] - sine * R[..., j, k])
    angles = np.empty(R.shape[:-1])
    angles[..., i], angles[..., j], angles[..., k] = _continuous(first, middle, last)
    return angles


def _held(angle: Array, known: Array) -> Array:
    """Angles [T, ...] that are not known as they were before; 0 where they never were, the first one before that."""
    if known.all():
        return angle
    frames: Indices = np.arange(len(angle)).reshape((-1,) + (1,) * (angle.ndim - 1))
    latest = np.maximum.accumulate(np.where(known, frames, -1), axis=0)
    latest = np.where(latest < 0, np.argmax(known, axis=0), latest)
    return np.where(known.any(axis=0), np.take_along_axis(angle, latest, axis=0), 0.0)


def _continuous(first: Array, middle: Array, last: Array) -> tuple[Array, Array, Array]:
    """Of (a, b, c) and (a + pi, pi - b, c + pi), which mean the same, what lies nearest to the frame before.

    Whether to change from one to the other depends on the two frames alone, not on which was taken before.
    """
    size = _away(first) + _away(middle) + _away(last)
    other_size = _away(first + np.pi) + _away(np.pi - middle) + _away(last + np.pi)
    changes = np.zeros(first.shape, dtype=bool)
    changes[0] = other_size[0] < size[0] - 1e-9
    step_first, step_last = np.diff(first, axis=0), np.diff(last, axis=0)
    stay = _away(step_first) + _away(np.diff(middle, axis=0)) + _away(step_last)
    change = _away(step_first + np.pi) + _away(np.pi - middle[1:] - middle[:-1]) + _away(step_last + np.pi)
    changes[1:] = change < stay
    other = np.logical_xor.accumulate(changes, axis=0)
    chosen = (np.where(other, first + np.pi, first), np.where(other, np.pi - middle, middle),
              np.where(other, last + np.pi, last))  # fmt: skip
    first, middle, last = (np.unwrap(_within_half_turn(angle), axis=0) for angle in chosen)
    return first, middle, last


def _within_half_turn(angle: Array) -> Array:
    return angle - 2.0 * np.pi * np.round(angle / (2.0 * np.pi))


def _away(angle: Array) -> Array:
    """From 0, the shorter way round."""
    return np.abs(_within_half_turn(angle))
