"""Arms and legs that go where they are wanted, and a body that comes down when they cannot."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..figure import Figure
from ..limb_ik import Limb, limb_reaching
from .easing import envelope

# A limb is not stretched further than this share of its length, nor further than it was: nearer to full stretch a
# millimetre of way turns a knee by a degree and more, which is what pops.
_STRETCHED = 0.99
_SOFT = 0.01           # of the length: how gently a limb that does not hold approaches that
_FIRM = 1e-4           # how one that holds does
_STILL_M = 1e-9
_LOWEST_M = 0.15       # the body comes down no further; what cannot be reached then is torn


def lowering(figure: Figure, limbs: list[tuple[Limb, Array, Array]], joints: Array, rate: float) -> Array:
    """How far [T] m the body comes down so that limbs reach what they hold.

    limbs: each with where its end goes [T, 3] m and how much it holds there [T] 0..1.
    """
    needed = np.zeros(len(joints))
    for limb, target, pinned in limbs:
        way = target - joints[:, limb.upper]
        longest = _longest(figure, limb, joints)
        aside = np.linalg.norm(way[:, :2], axis=-1)
        depth = np.sqrt(np.maximum(longest**2 - aside**2, 0.0))
        short = np.where(aside < longest, -way[:, 2] - depth, 0.0)
        needed = np.maximum(needed, np.where(pinned > 0.999, short, 0.0))
    return envelope(np.minimum(needed, _LOWEST_M), rate)


def bent_limb(
    figure: Figure, limb: Limb, R_world_from_joint: Array, joints: Array, target: Array, pinned: Array
) -> tuple[Array, Array]:
    """Orientations [T, 3, 3] of the limb's two bones whose end goes to target [T, 3] m, or near it."""
    way = target - joints[:, limb.upper]
    wanted, before, length = np.linalg.norm(way, axis=-1), _span(limb, joints), _length(figure, limb)
    # What was straight before stays so, what becomes straight does so gently.
    start = np.maximum(before, length * (_STRETCHED - _SOFT * (1.0 - pinned)))
    room = np.maximum(length * _STRETCHED - start, length * _FIRM)
    over = np.maximum(wanted - start, 0.0)
    reached = np.where(over > 0.0, start + room * (1.0 - np.exp(-over / room)), wanted)
    target = joints[:, limb.upper] + way * (reached / np.maximum(wanted, 1e-9))[:, None]
    R_upper, R_lower = limb_reaching(limb, figure.rest_joints, R_world_from_joint, joints, target, 1e-6)
    # A knee that is bent a little backwards is straightened by reaching, but not by staying where it is.
    still = np.linalg.norm(target - joints[:, limb.end], axis=-1) < _STILL_M
    R_upper[still], R_lower[still] = R_world_from_joint[still, limb.upper], R_world_from_joint[still, limb.lower]
    return R_upper, R_lower


def _longest(figure: Figure, limb: Limb, joints: Array) -> Array:
    return np.maximum(_span(limb, joints), _STRETCHED * _length(figure, limb))


def _span(limb: Limb, joints: Array) -> Array:
    return np.linalg.norm(joints[:, limb.end] - joints[:, limb.upper], axis=-1)


def _length(figure: Figure, limb: Limb) -> float:
    upper, lower, end = figure.rest_joints[limb.joints]
    return float(np.linalg.norm(lower - upper) + np.linalg.norm(end - lower))
