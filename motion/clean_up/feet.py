"""Where feet go: free, on the heel, flat or on the ball.

Heel and ball rest or do not, each for itself. Both: the sole is flat, its heading that from one place to the other.
The ball alone: the toes lie flat and stay, the foot turns about their joint as captured. The heel alone: it stays, the
foot turns about it as captured. In between the changes fade in and out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Mask
from ..rotations import axis_angle_from_matrix, matrix_from_axis_angle, normalised, smallest_rotation
from ..runs import runs
from .easing import eased, envelope
from .foot import Foot
from .spans import Span, places_over_time, resting_spans

_ALIKE = 20                # rounds in which the places of one foot come to fit its length
_BENT_UP_DEG = 45.0        # toes that would sink into the floor give way so far, then the foot is lifted
_SWIVEL_DEG = 20.0         # a foot that turns further on its ball does so in truth
_LEVEL = np.array([1.0, 1.0, 0.0])
_UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, eq=False)
class FootPath:
    """Where a foot goes over T frames."""

    R_world_from_foot: Array     # [T, 3, 3]
    R_foot_from_toes: Array      # [T, 3, 3]
    ankle: Array                 # [T, 3] m
    pinned: Array                # [T] 0..1 how much of it rests, faded


@dataclass(frozen=True, eq=False)
class FootHolds:
    """What a foot is to do, and how it is before."""

    foot: Foot
    R_world_from_foot: Array     # [T, 3, 3]
    R_foot_from_toes: Array      # [T, 3, 3]
    ankle: Array                 # [T, 3] m
    heel_place: Array            # [T, 3] m, NaN where the heel does not rest
    ball_place: Array            # [T, 3] m, NaN where neither ball nor toes rest
    toes_held: Mask              # [T]

    @property
    def heel_held(self) -> Mask:
        return np.isfinite(self.heel_place[:, 0])

    @property
    def ball_held(self) -> Mask:
        return np.isfinite(self.ball_place[:, 0])


def ball_on_toes(foot: Foot, R_world_from_foot: Array, ankle: Array) -> Array:
    """The ball [T, 3] m as it would be with the toes laid flat: what stays while the heel lifts."""
    return ankle + R_world_from_foot @ foot.hinge + foot.level(R_world_from_foot) @ (foot.ball - foot.hinge)


def foot_holds(
    foot: Foot, R_world_from_joint: Array, joints: Array, channel: Callable[[str], tuple[Mask, Array]], rate: float
) -> FootHolds:  # fmt: skip
    """What the foot of a posed figure is to do; `channel` says when a point rests [T], and on what height [T] m."""
    R_foot, ankle = R_world_from_joint[:, foot.limb.end], joints[:, foot.limb.end]
    (heel_held, heel_height), (ball_held, ball_height), (toe_held, toe_height) = (
        channel(f"{foot.side}_{part}") for part in ("heel", "ball", "toe")
    )
    places = foot_places(
        foot, ankle + R_foot @ foot.heel, ball_on_toes(foot, R_foot, ankle), heel_held, ball_held | toe_held,
        np.stack([heel_height, np.where(ball_held, ball_height, toe_height)], axis=1), rate,
    )  # fmt: skip
    toes = np.broadcast_to(np.eye(3), R_foot.shape)
    if foot.toe_joint >= 0:
        toes = np.swapaxes(R_foot, -1, -2) @ R_world_from_joint[:, foot.toe_joint]
    return FootHolds(foot, R_foot, toes, ankle, *places, toe_held)


def foot_places(
    foot: Foot, heel: Array, ball: Array, heel_held: Mask, ball_held: Mask, heights: Array, rate: float
) -> tuple[Array, Array]:
    """Where heel and ball [T, 3] m rest, each [T, 3] m with NaN where it does not; heights [T, 2] m of the ground."""
    heels = resting_spans(heel_held, heel, heights[:, 0], rate)
    balls = resting_spans(ball_held, ball, heights[:, 1], rate)
    heels, balls = _as_long_as_the_foot(heels, balls, float(np.linalg.norm(foot.ball - foot.heel)))
    return places_over_time(heels, len(heel)), places_over_time(balls, len(ball))


def foot_path(holds: FootHolds, rate: float) -> FootPath:
    """The path of a foot that holds where it rests and stays above the floor."""
    foot = holds.foot
    R = matrix_from_axis_angle(eased(*_wanted_swivel(holds), rate) * _UP) @ holds.R_world_from_foot
    R = matrix_from_axis_angle(eased(*_wanted_tilt(holds, R), rate)) @ R
    level = np.where(_both(holds)[:, None, None], R, foot.level(R))
    wanted, held = _wanted_ankle(holds, R, level)
    ankle = holds.ankle + eased(wanted - holds.ankle, held, rate)
    toes = _laid_toes(holds, R, level, rate)
    ankle, toes = _above_floor(holds, R, toes, ankle, held, rate)
    return FootPath(R, toes, ankle, eased(held[:, None], held, rate)[:, 0].clip(0.0, 1.0))


def _both(holds: FootHolds) -> Mask:
    return holds.heel_held & holds.ball_held


def _wanted_tilt(holds: FootHolds, R: Array) -> tuple[Array, Array]:
    """How feet of orientations R [T, 3, 3] should be turned, rotation vectors [T, 3], and where [T] that is wanted."""
    foot = holds.foot
    both = _both(holds)
    sole = R @ (foot.ball - foot.heel)
    turn = smallest_rotation(sole, sole * _LEVEL)
    # Neither may the end that is not held sink into what the other one rests on.
    sinks = (holds.heel_held & (sole[:, 2] < 0.0)) | (holds.ball_held & (sole[:, 2] > 0.0))
    if both.any():
        flat = foot.laid(holds.ball_place[both] - holds.heel_place[both], foot.ball - foot.heel)
        turn[both] = flat @ np.swapaxes(R[both], -1, -2)
    wanted = both | sinks
    return np.where(wanted[:, None], axis_angle_from_matrix(turn), 0.0), wanted.astype(np.float64)


def _wanted_swivel(holds: FootHolds) -> tuple[Array, Array]:
    """The angle [T, 1] by which the foot should be turned about the vertical, and where [T] that is wanted.

    Flat, its heading is that of its places, and it keeps it while it rolls over toes that rest. But the tips of feet
    that turn on the ball are so slow that they seem to rest, too.
    """
    forward = holds.foot.level(holds.R_world_from_foot) @ holds.foot.forward
    heading = np.arctan2(forward[:, 1], forward[:, 0])
    way = holds.ball_place - holds.heel_place
    flat = np.arctan2(way[:, 1], way[:, 0])
    swivel = _nearest(flat - heading)
    for start, stop in runs(holds.ball_held & holds.toes_held):
        rolled = _nearest(_kept(flat[start:stop], heading[start:stop]) - heading[start:stop])
        if np.abs(rolled).max() < np.deg2rad(_SWIVEL_DEG):
            swivel[start:stop] = rolled
    wanted = np.isfinite(swivel)
    return np.where(wanted, swivel, 0.0)[:, None], wanted.astype(np.float64)


def _kept(flat: Array, heading: Array) -> Array:
    """The angles [N] that a foot has where it is flat, NaN where not, and in between; its mean if it never is."""
    known = np.flatnonzero(np.isfinite(flat))
    if not len(known):
        return np.full(len(flat), np.angle(np.mean(np.exp(1j * heading))))
    return np.interp(np.arange(len(flat)), known, np.unwrap(flat[known]))


def _nearest(angle: Array) -> Array:
    """Angles of any size, NaN included, within half a turn of nothing."""
    return np.angle(np.exp(1j * angle))


def _wanted_ankle(holds: FootHolds, R: Array, level: Array) -> tuple[Array, Array]:
    """Where the ankle [T, 3] must be for what rests to be in its place, and where [T] that is wanted."""
    foot = holds.foot
    by_heel = holds.heel_place - R @ foot.heel
    by_ball = holds.ball_place + level @ (foot.hinge - foot.ball) - R @ foot.hinge
    wanted = np.where(holds.heel_held[:, None], by_heel, by_ball)
    wanted[_both(holds)] = 0.5 * (by_heel + by_ball)[_both(holds)]
    held = holds.heel_held | holds.ball_held
    return np.where(held[:, None], wanted, holds.ankle), held.astype(np.float64)


def _laid_toes(holds: FootHolds, R: Array, level: Array, rate: float) -> Array:
    """R_foot_from_toes [T, 3, 3] with the toes on the floor where the ball rests."""
    held = holds.ball_held
    wanted = np.swapaxes(R, -1, -2) @ level @ np.swapaxes(holds.R_foot_from_toes, -1, -2)
    bend = eased(np.where(held[:, None], axis_angle_from_matrix(wanted), 0.0), held.astype(np.float64), rate)
    return matrix_from_axis_angle(bend) @ holds.R_foot_from_toes


def _above_floor(
    holds: FootHolds, R: Array, toes: Array, ankle: Array, held: Array, rate: float
) -> tuple[Array, Array]:  # fmt: skip
    """The ankle [T, 3] lifted and the toes bent up so that no point of the sole is under the floor."""
    foot = holds.foot
    tip = R @ toes @ (foot.toe - foot.hinge)
    length = float(np.linalg.norm(foot.toe - foot.hinge))
    bends = foot.toe_joint >= 0 and length > 0.0
    rise = np.arcsin(np.clip(tip[:, 2] / length, -1.0, 1.0)) if bends else np.zeros(len(tip))
    highest = np.clip(rise + np.deg2rad(_BENT_UP_DEG), rise, 0.5 * np.pi)
    tip_up = length * np.sin(highest) if bends else tip[:, 2]
    hinge = ankle + R @ foot.hinge
    lowest = np.min([(ankle + R @ foot.heel)[:, 2], (ankle + R @ foot.ball)[:, 2], hinge[:, 2] + tip_up], axis=0)
    lift = envelope(-lowest, rate, held > 0.0)
    if bends:
        wanted = np.arcsin(np.clip(-(hinge[:, 2] + lift) / length, -1.0, 1.0))
        toes = np.swapaxes(R, -1, -2) @ _raised(tip, envelope(wanted - rise, rate, holds.ball_held)) @ R @ toes
    return ankle + lift[:, None] * _UP, toes


def _raised(tip: Array, angle: Array) -> Array:
    """The turn [T, 3, 3] by which directions tip [T, 3] rise by angle [T] rad."""
    return matrix_from_axis_angle(angle[:, None] * normalised(np.cross(tip, _UP)))


def _at_once(heels: list[Span], balls: list[Span]) -> list[tuple[int, int]]:
    """Which of both overlap in time; spans are in their order and apart."""
    first = np.searchsorted([ball.stop for ball in balls], [heel.start for heel in heels], side="right")
    last = np.searchsorted([ball.start for ball in balls], [heel.stop for heel in heels], side="left")
    return [(i, j) for i, (start, stop) in enumerate(zip(first, last, strict=True)) for j in range(start, stop)]


def _as_long_as_the_foot(heels: list[Span], balls: list[Span], length: float) -> tuple[list[Span], list[Span]]:
    """The same with the places of heel and ball as far apart as they are where both rest at once."""
    pairs = _at_once(heels, balls)
    at_heel, at_ball = (np.array([span.place for span in spans]).reshape(-1, 3) for spans in (heels, balls))
    for _ in range(_ALIKE if len(pairs) > 1 else 1):
        for i, j in pairs:
            way = at_ball[j] - at_heel[i]
            far = np.linalg.norm(way[:2])
            wanted = np.sqrt(max(length**2 - way[2] ** 2, 0.0))
            share = (balls[j].stop - balls[j].start) / (
                balls[j].stop - balls[j].start + heels[i].stop - heels[i].start)
            change = (far - wanted) / max(far, 1e-6) * way * _LEVEL
            at_heel[i] += share * change
            at_ball[j] -= (1.0 - share) * change
    return ([Span(s.start, s.stop, p) for s, p in zip(heels, at_heel, strict=True)],
            [Span(s.start, s.stop, p) for s, p in zip(balls, at_ball, strict=True)])  # fmt: skip
