"""Where hands go that rest: on the floor or another thing of the world, on the body, on each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Mask
from ..figure import Figure
from ..limb_ik import Limb
from .easing import eased
from .spans import places_over_time, resting_spans


@dataclass(frozen=True, eq=False)
class HandHold:
    """A palm that holds to the world or to a joint."""

    arm: str
    point: int           # of the figure
    held: Mask           # [T]
    height_m: Array      # [T]
    holds_to: int        # the joint; -1: the world


@dataclass(frozen=True, eq=False)
class ArmMove:
    """By how much [T, 3] m an arm's end goes elsewhere, and how much [T] 0..1 that must be."""

    offset: Array
    pinned: Array

    def times(self, share: float) -> ArmMove:
        return ArmMove(share * self.offset, self.pinned)


def arm_moves(
    figure: Figure, holds: list[HandHold], R: Array, joints: Array, points: Array, rate: float
) -> dict[str, ArmMove]:
    """What arms do so that palms hold, by arm; what one hand holds of the other arm, both do halfway."""
    arms = {name: limb for name, limb in figure.limbs.items() if name.endswith("_arm")}
    moves: dict[str, list[ArmMove]] = {}
    for hold in holds:
        move = _palm_move(hold, R, joints, points, rate)
        other = _other_arm(figure, arms, hold)
        if other is None:
            moves.setdefault(hold.arm, []).append(move)
            continue
        mutual = any(each.arm == other and _on(figure, each.holds_to, arms[hold.arm]) for each in holds)
        share = 0.25 if mutual else 0.5
        moves.setdefault(hold.arm, []).append(move.times(share))
        moves.setdefault(other, []).append(move.times(-share))
    return {name: _sum(each) for name, each in moves.items()}


def _palm_move(hold: HandHold, R: Array, joints: Array, points: Array, rate: float) -> ArmMove:
    """How one palm comes to where it holds."""
    palm = points[:, hold.point]
    if hold.holds_to < 0:
        target = places_over_time(resting_spans(hold.held, palm, hold.height_m, rate), len(palm))
    else:
        R_joint, place = R[:, hold.holds_to], joints[:, hold.holds_to]
        beside = np.einsum("tji,tj->ti", R_joint, palm - place)
        places = places_over_time(resting_spans(hold.held, beside, None, rate), len(palm))
        target = place + np.einsum("tij,tj->ti", R_joint, places)
    held = np.isfinite(target[:, 0]).astype(np.float64)
    offset = eased(np.where(held[:, None] > 0.0, target - palm, 0.0), held, rate)
    return ArmMove(offset, eased(held[:, None], held, rate)[:, 0].clip(0.0, 1.0))


def _other_arm(figure: Figure, arms: Mapping[str, Limb], hold: HandHold) -> str | None:
    """The other arm if that is what a hand holds to."""
    others = (name for name, limb in arms.items() if name != hold.arm and _on(figure, hold.holds_to, limb))
    return next(others, None)


def _sum(moves: list[ArmMove]) -> ArmMove:
    return ArmMove(np.sum([move.offset for move in moves], axis=0), np.max([move.pinned for move in moves], axis=0))


def _on(figure: Figure, joint: int, limb: Limb) -> bool:
    """Whether a joint is moved by bending the limb."""
    while joint >= 0:
        if joint in (limb.lower, limb.end):
            return True
        joint = figure.parents[joint]
    return False
