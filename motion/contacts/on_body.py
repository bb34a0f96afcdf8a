"""Hands that rest on the body itself: on the other hand or forearm, on hips and thighs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..figure import Figure
from ..filters import gaussian_smoothed

_SMOOTHED_S = 0.035
_GAP_M, _GAP_WIDTH_M = 0.03, 0.01            # between the palm and the skin
_SLOW_M_S, _SLOW_WIDTH_M_S = 0.20, 0.05      # of the palm against that part of the body
_MOST_NATS = 6.0
# Flesh around a bone, as a share of the thigh's length; our open body's own, measured where hands rest.
_THIGH, _HIPS, _FOREARM, _PALM = 0.20, 0.30, 0.08, 0.12
_USUAL_THIGH_M = 0.4     # of a figure without legs


@dataclass(frozen=True, eq=False)
class BodyHold:
    """A palm that may rest on a bone of the body."""

    palm: str
    joint: int          # to which it holds: the one that turns the bone
    bone_rest: Array    # [3] m from that joint along the bone
    flesh_m: float


def body_holds(figure: Figure) -> list[BodyHold]:
    """All that a figure may do. Of two palms on each other the left one is said to hold."""
    holds = []
    for side, other in (("left", "right"), ("right", "left")):
        if f"{side}_palm" in figure.point_names:
            parts = _legs(figure) + _other_arm(figure, other, with_hand=side == "left")
            holds += [BodyHold(f"{side}_palm", *part) for part in parts]
    return holds


def body_hold_probabilities(
    holds: list[BodyHold], figure: Figure, R_world_from_joint: Array, joints_world: Array, points_world: Array,
    rate: float,
) -> Array:  # fmt: skip
    """[T, C] how likely each of `holds` is: near the skin, and slow as seen from that part of the body."""
    if not holds:
        return np.zeros((len(points_world), 0))
    joints, palms = [hold.joint for hold in holds], [figure.point(hold.palm) for hold in holds]
    away_world = points_world[:, palms] - joints_world[:, joints]
    away = np.einsum("tcji,tcj->tci", R_world_from_joint[:, joints], away_world)
    bone = np.array([hold.bone_rest for hold in holds])
    share = np.sum(away * bone, axis=-1) / np.maximum(np.sum(bone * bone, axis=-1), 1e-9)
    away_m = np.linalg.norm(away - np.clip(share, 0.0, 1.0)[..., None] * bone, axis=-1)
    near = (_GAP_M + np.array([hold.flesh_m for hold in holds]) - away_m) / _GAP_WIDTH_M
    slow = (_SLOW_M_S - _speeds(away, rate)) / _SLOW_WIDTH_M_S
    return 1.0 / (1.0 + np.exp(-np.clip(np.minimum(near, slow), -_MOST_NATS, _MOST_NATS)))


def _legs(figure: Figure) -> list[tuple[int, Array, float]]:
    """Thighs, and from the pelvis to each hip."""
    legs = [limb for name, limb in figure.limbs.items() if name.endswith("leg")]
    thigh = _thigh_m(figure)
    hips = [(figure.parents[leg.upper], leg.upper, _HIPS) for leg in legs if figure.parents[leg.upper] >= 0]
    bones = [(leg.upper, leg.lower, _THIGH) for leg in legs] + hips
    return [(start, figure.rest_joints[end] - figure.rest_joints[start], share * thigh) for start, end, share in bones]


def _other_arm(figure: Figure, side: str, with_hand: bool) -> list[tuple[int, Array, float]]:
    arm, thigh = figure.limbs.get(f"{side}_arm"), _thigh_m(figure)
    if arm is None:
        return []
    wrist = figure.rest_joints[arm.end]
    parts = [(arm.lower, wrist - figure.rest_joints[arm.lower], _FOREARM * thigh)]
    if with_hand and f"{side}_palm" in figure.point_names:
        palm = figure.points_rest[figure.point(f"{side}_palm")]
        parts.append((arm.end, palm - wrist, _PALM * thigh))
    return parts


def _thigh_m(figure: Figure) -> float:
    legs = [limb for name, limb in figure.limbs.items() if name.endswith("leg")]
    if not legs:
        return _USUAL_THIGH_M
    return float(np.linalg.norm(figure.rest_joints[legs[0].lower] - figure.rest_joints[legs[0].upper]))


def _speeds(places: Array, rate: float) -> Array:
    """[T, C] m/s of places [T, C, 3] m."""
    if len(places) < 2:
        return np.zeros(places.shape[:-1])
    return np.linalg.norm(np.gradient(gaussian_smoothed(places, rate, _SMOOTHED_S), axis=0), axis=-1) * rate
