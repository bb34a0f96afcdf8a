"""Knees and elbows: which way limbs bend, and the twist of the bones above and below that follows from it."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..limb_ik import LIMBS
from ..rotations import matrix_from_axis_angle, normalised
from ..skeleton import JOINT
from .source import Source

_LEAST_BEND_RAD, _LEAST_BENT_S, _LEAST_AGREEMENT = np.radians(5.0), 0.1, 0.9
_MOST_TWIST_RAD = np.radians(110.0)                           # more is a hinge that bends the wrong way
_FREE_RAD, _SURE_RAD = np.radians(10.0), np.radians(40.0)     # bends that say nothing, or all, of the twist
_NEAR_RAD, _FAR_RAD = np.radians(40.0), np.radians(80.0)      # twists put right wholly, or not at all


def hinge_axis(joint: str) -> Array:
    """The axis [3] about which our knee or elbow bends, at rest: shins go back, forearms forward."""
    return np.array(next(limb.hinge_rest for limb in LIMBS.values() if limb.lower == JOINT[joint]))


def bends(source: Source, upper: str, lower: str, end: str) -> tuple[Array, Array]:
    """Where the limb bends about [T, 3], as long as the sine of the bend, and how far [T] rad; in the world."""
    bones = normalised(source.place(lower) - source.place(upper)), normalised(source.place(end) - source.place(lower))
    axes = np.cross(*bones)
    return axes, np.arctan2(np.linalg.norm(axes, axis=-1), np.sum(bones[0] * bones[1], axis=-1))


def resting_twist(source: Source, limb: tuple[str, str, str], A_upper: Array) -> float:
    """Angle rad about the resting upper bone from our hinge to the recorded one; 0 where that hardly bends."""
    upper, lower, _ = limb
    axes, bend = bends(source, *limb)
    bent = bend > _LEAST_BEND_RAD
    if not bent.any() or bent.sum() < min(len(bent), _LEAST_BENT_S * source.rate_hz):
        return 0.0
    carried = np.einsum("tji,tj->ti", source.turn_before(lower, upper)[bent], axes[bent])
    axis = carried.sum(axis=0)
    if np.linalg.norm(axis) < _LEAST_AGREEMENT * np.linalg.norm(carried, axis=-1).sum():
        return 0.0
    twist = float(_angle_about(normalised(source.rest(lower) - source.rest(upper)), A_upper @ hinge_axis(lower), axis))
    return twist if abs(twist) < _MOST_TWIST_RAD else 0.0


def onto_hinge(R: Array, bone: Array, hinge: Array, axes: Array, bend: Array) -> Array:
    """Orientations R [T, 3, 3] twisted about their bones [T, 3] until the hinge [3] lies where the limb bends about.

    axes [T, 3] and bend [T] rad as from `bends`. Limbs that are nearly straight keep their twist, and so do those whose
    hinge is far away, since they bend backwards.
    """
    twist = _angle_about(normalised(bone), R @ hinge, axes)
    share = _rising(bend, _FREE_RAD, _SURE_RAD) * (1.0 - _rising(np.abs(twist), _NEAR_RAD, _FAR_RAD))
    return matrix_from_axis_angle((share * twist)[:, None] * normalised(bone)) @ R


def _rising(x: Array, none: float, full: float) -> Array:
    """0 up to `none`, 1 from `full` on, smooth in between."""
    t = np.clip((x - none) / (full - none), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def _angle_about(axis: Array, start: Array, end: Array) -> Array:
    """Angle [...] rad about unit vectors `axis` [..., 3] that takes `start` to `end`, both seen along it."""
    flat = np.sum(start * end, axis=-1) - np.sum(start * axis, axis=-1) * np.sum(end * axis, axis=-1)
    return np.arctan2(np.sum(np.cross(start, end) * axis, axis=-1), flat)
