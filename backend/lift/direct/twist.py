"""Turning a bone about its own length: the plane in which the next bone bends tells how."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array
from motion.rotations import frame_from_axes, normalised


def aimed(direction: Array, axis: Array, rest_direction: Array, rest_axis: Array) -> Array:
    """Orientations [S, 3, 3] that take rest_direction [3] to direction [S, 3], rest_axis as near to axis as can be."""
    rest_frame = frame_from_axes(rest_direction, rest_axis)
    return frame_from_axes(direction, axis) @ rest_frame.T


def bend_axis(upper: Array, lower: Array) -> tuple[Array, Array]:
    """Axis [S, 3] about which `lower` is bent against `upper` (unit directions), and how surely it is known [S].

    The certainty is the sine of the bend, squared, so that straight limbs leave the choice to others.
    """
    axis = np.cross(upper, lower)
    sine = np.linalg.norm(axis, axis=-1)
    return normalised(axis), sine**2


def square_to(axis: Array, direction: Array) -> Array:
    """The part of `axis` [S, 3] square to the unit vectors `direction` [S, 3], at unit length."""
    return normalised(axis - np.sum(axis * direction, axis=-1, keepdims=True) * direction)
