"""Hands that rest on the body itself: on the other hand, the hips, the thighs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..clean_up.figure import Figure
from ..filters import gaussian_smoothed

_SMOOTHED_S = 0.05
_GAP_M, _GAP_WIDTH_M = 0.05, 0.015          # between the palm and the skin
_SLOW_M_S, _SLOW_WIDTH_M_S = 0.25, 0.06     # against the body
_SLOWEST_NATS = 6.0


@dataclass(frozen=True)
class _Part:
    """A bone of the body with flesh around it, as thick as a share of the thigh's length."""

    start: int
    end: int
    radius_to_thigh: float


def on_body(
    figure: Figure, R_world_from_joint: Array, joints_world: Array, points_world: Array, rate: float
) -> tuple[tuple[str, ...], tuple[int, ...], Array]:
    """Names of the points that hold, the joints [C] to which they do, and how likely they do [T, C]."""
    names, holds_to, columns = [], [], []
    for side in ("left", "right"):
        name = f"{side}_palm"
        if name not in figure.point_names:
            continue
        palm = points_world[:, figure.point(name)]
        for part in _parts(figure, side):
            gap = _gap(palm, part, joints_world, _thigh_m(figure))
            seen_from = np.swapaxes(R_world_from_joint[:, part.start], -1, -2)
            relative = np.einsum("tij,tj->ti", seen_from, palm - joints_world[:, part.start])
            names.append(name)
            holds_to.append(part.start)
            columns.append(_probability(gap, _speed(relative, rate)))
    return tuple(names), tuple(holds_to), np.stack(columns, axis=1) if columns else np.zeros((len(points_world), 0))


def _parts(figure: Figure, side: str) -> list[_Part]:
    """What a hand may rest on. Of two hands on each other the left one is said to hold."""
    parts = []
    for leg in (figure.limbs[name] for name in ("left_leg", "right_leg") if name in figure.limbs):
        parts += [_Part(leg.upper, leg.lower, 0.20), _Part(figure.parents[leg.upper], leg.upper, 0.30)]
    other = figure.limbs.get("right_arm" if side == "left" else "left_arm")
    if other is not None:
        parts.append(_Part(other.lower, other.end, 0.08))
        if side == "left":
            parts.append(_Part(other.end, other.end, 0.20))
    return parts


def _thigh_m(figure: Figure) -> float:
    leg = next(limb for name, limb in figure.limbs.items() if name.endswith("leg"))
    return float(np.linalg.norm(figure.rest_joints[leg.lower] - figure.rest_joints[leg.upper]))


def _gap(palm: Array, part: _Part, joints_world: Array, thigh_m: float) -> Array:
    """[T] m from the palm to the skin, negative inside."""
    start, end = joints_world[:, part.start], joints_world[:, part.end]
    bone = end - start
    share = np.sum((palm - start) * bone, axis=1) / np.maximum(np.sum(bone * bone, axis=1), 1e-9)
    nearest = start + np.clip(share, 0.0, 1.0)[:, None] * bone
    return np.linalg.norm(palm - nearest, axis=1) - part.radius_to_thigh * thigh_m


def _speed(places: Array, rate: float) -> Array:
    if len(places) < 2:
        return np.zeros(len(places))
    smooth = gaussian_smoothed(places, rate, _SMOOTHED_S)
    return np.linalg.norm(np.gradient(smooth, axis=0), axis=1) * rate


def _probability(gap_m: Array, speed_m_s: Array) -> Array:
    near = (_GAP_M - gap_m) / _GAP_WIDTH_M
    slow = (_SLOW_M_S - speed_m_s) / _SLOW_WIDTH_M_S
    return 1.0 / (1.0 + np.exp(-np.clip(np.minimum(near, slow), -_SLOWEST_NATS, _SLOWEST_NATS)))
