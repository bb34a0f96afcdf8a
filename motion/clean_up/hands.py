"""Where hands go that rest: on the floor or another thing of the world, on the body, on each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Mask
from ..limb_ik import Limb
from .easing import eased
from .figure import Figure
from .spans import places_over_time, resting_spans


@dataclass(frozen=True, eq=False)
class HandHold:
    """A palm that holds to the world or to a joint."""

    arm: str
    point: int           # of the figure
    held: Mask           # [T]
    height_m: Array      # [T]
    holds_to: int        # the joint; -1: the world


def palm_offsets(figure: Figure, hold: HandHold, R: Array, joints: Array, points: Array, rate: float) -> Array:
    """By how much [T, 3] m the palm should be elsewhere: nothing where it does not hold, NaN nowhere."""
    palm = points[:, hold.point]
    if hold.holds_to < 0:
        spans = resting_spans(hold.held, palm, hold.height_m, rate)
        target = places_over_time(spans, len(palm))
    else:
        R_joint, place = R[:, hold.holds_to], joints[:, hold.holds_to]
        beside = np.einsum("tji,tj->ti", R_joint, palm - place)
        spans = resting_spans(hold.held, beside, None, rate)
        target = place + np.einsum("tij,tj->ti", R_joint, places_over_time(spans, len(palm)))
    held = np.isfinite(target[:, 0])
    return eased(np.where(held[:, None], target - palm, 0.0), held.astype(np.float64), rate)


def arm_offsets(
    figure: Figure, holds: list[HandHold], R: Array, joints: Array, points: Array, rate: float
) -> dict[str, Array]:
    """By how much [T, 3] m each arm's end moves; what one hand holds of the other arm, both do halfway."""
    arms = {name: limb for name, limb in figure.limbs.items() if name.endswith("_arm")}
    moves: dict[str, list[Array]] = {name: [] for name in arms}
    for hold in holds:
        offset = palm_offsets(figure, hold, R, joints, points, rate)
        others = (name for name, limb in arms.items() if name != hold.arm and _on(figure, hold.holds_to, limb))
        other = next(others, None)
        if other is None:
            moves[hold.arm].append(offset)
            continue
        mutual = sum(_on(figure, each.holds_to, arms[hold.arm]) and each.arm == other for each in holds)
        share = 0.5 / (1 + min(mutual, 1))
        moves[hold.arm].append(share * offset)
        moves[other].append(-share * offset)
    return {name: np.sum(each, axis=0) for name, each in moves.items() if each}


def _on(figure: Figure, joint: int, limb: Limb) -> bool:
    """Whether a joint is moved by bending the limb."""
    while joint >= 0:
        if joint in (limb.lower, limb.end):
            return True
        joint = figure.parents[joint]
    return False
