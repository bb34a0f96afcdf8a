"""Rotations from angles about the axes of a joint, in the order in which a file names them."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from ..arrays import Array


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
