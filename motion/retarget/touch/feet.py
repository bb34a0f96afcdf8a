"""Legs that reach again where the source's feet stood, on the character's own proportions.

Directions that were carried over leave feet of other legs sliding, floating and sunk. Each foot gets a place for every
time that it rests; the body goes along with its feet, smoothly and little, so that legs point nearly as before; inverse
kinematics of two bones does the rest. What a foot does on its heel, flat and on its ball: motion/clean_up/feet.py.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...arrays import Array, Mask
from ...clean_up.feet import FootHolds, ball_on_toes, foot_holds, foot_path
from ...clean_up.foot import feet_of
from ...clean_up.limb_turns import with_foot
from ...clean_up.reach import lowering
from ...runs import runs
from ..slots import SIDES
from ..source.source_pose import SourcePose
from ..target.target import Target, TargetPose
from .body_along import Wish, body_along
from .hand_holds import hand_m, has_arm
from .held import Held, held_of, where_it_comes_down

_UP = np.array([0.0, 0.0, 1.0])
_LEVEL = np.array([1.0, 1.0, 0.0])
_ROUNDS = 50           # in which the middle of points is found to a fiftieth of how far they lie apart
# How much a foot and a hand that sink in flight count beside a foot that rests: they hang on straight limbs.
_FOOT_SUNK, _HAND_SUNK = 4.0, 2.0
# And a hand that rests, beside a foot and in a handstand: its arm is straight, too. There palms float 6 mm with 4.
_BESIDE_FEET, _ALONE = 0.1, 40.0
_FLIGHT_S = 0.4        # a hand that sinks in flight counts fully so long after a jump and before it ends


def feet_solved(target: Target, source: SourcePose, pose: TargetPose) -> TargetPose:
    """The pose with every foot where it rests, none under the floor, knees bent in the planes they had.

    Where feet rest, and on what, is what the source's contacts say; heights go by the scale of the path.
    """
    held = held_of(target, source)
    feet = feet_of(held.figure)
    if not feet or not len(pose.root_world):
        return pose
    R, joints = held.figure.kinematics(pose.R_parent_from_joint, held.inside(pose.root_world))
    rests = [_centred(foot_holds(foot, R, joints, held.channel, held.rate)) for foot in feet]
    free = ~held.held.any(axis=1)
    wishes = [_wish(each, free) for each in rests] + _on_hands(held, R, joints)
    moved = body_along(held, wishes, R, joints)
    R_local, lower = _on_feet(held, rests, pose.R_parent_from_joint, R, joints + moved[:, None])
    return replace(pose, R_parent_from_joint=R_local, root_world=pose.root_world + held.size * (moved - lower))


def _on_feet(
    held: Held, rests: list[FootHolds], R_local: Array, R: Array, joints: Array
) -> tuple[Array, Array]:  # fmt: skip
    """R_parent_from_joint [T, J, 3, 3] with feet where they rest; by how much [T, 3] m the body is lowered for that."""
    paths = [foot_path(replace(each, ankle=joints[:, each.foot.limb.end]), held.rate) for each in rests]
    limbs = [(each.foot.limb, path.ankle, path.pinned) for each, path in zip(rests, paths, strict=True)]
    lower = lowering(held.figure, limbs, joints, held.rate)[:, None] * _UP
    for each, path in zip(rests, paths, strict=True):
        R_local = with_foot(held.figure, each.foot, path, R_local, R, joints - lower[:, None])
    return R_local, lower


def _centred(rests: FootHolds) -> FootHolds:
    """The same with each place amid the ways of what rests there: wide hips that turn swing feet about it."""
    away, known = _away(rests)
    shift = np.zeros_like(away)
    for start, stop in runs(known):
        shift[start:stop] = -_middle(away[start:stop] * _LEVEL)
    return replace(rests, heel_place=rests.heel_place + shift, ball_place=rests.ball_place + shift)


def _middle(points: Array) -> Array:
    """Whence the farthest of points [N, 3] is nearest (Badoiu and Clarkson, Smaller core-sets for balls, SODA 2003)."""
    middle = points.mean(axis=0)
    for step in range(2, _ROUNDS + 2):
        farthest = points[np.linalg.norm(points - middle, axis=-1).argmax()]
        middle = middle + (farthest - middle) / step
    return middle


def _away(rests: FootHolds) -> tuple[Array, Mask]:
    """How far [T, 3] m what rests of a foot is from its place, and where [T] something does."""
    places = np.stack([rests.heel_place, rests.ball_place])
    known = np.isfinite(places)
    foot, R_foot = rests.foot, rests.R_world_from_foot
    at = np.stack([rests.ankle + R_foot @ foot.heel, ball_on_toes(foot, R_foot, rests.ankle)])
    away = np.where(known, places - at, 0.0)
    count = known[..., 0].sum(axis=0)
    return away.sum(axis=0) / np.maximum(count, 1)[:, None], count > 0


def _wish(rests: FootHolds, free: Mask) -> Wish:
    """How far [T, 3] m what rests of a foot is from its place, or it has sunk while nothing rests, free [T]; and how
    much [T] that counts.
    """
    away, known = _away(rests)
    sole = np.stack([rests.foot.heel, rests.foot.ball], axis=-1)
    lowest = (rests.ankle[..., None] + rests.R_world_from_foot @ sole)[:, 2].min(axis=-1)
    sunk = np.where(free, np.maximum(-lowest, 0.0), 0.0)
    return away + sunk[:, None] * _UP, known + _FOOT_SUNK * (sunk > 0.0)


def _on_hands(held: Held, R: Array, joints: Array) -> list[Wish]:
    """The same of palms: arms bend more willingly than legs, but who stands on them is where they are.

    In flight they come no lower than they should, as long as the body can be higher for them.
    """
    points = held.figure.points(R, joints)
    others = held.held[:, [not name.endswith("_palm") for name in held.names]].any(axis=1)
    in_flight = ~held.held.any(axis=1) * _in_flight(others, held.rate)
    wishes = []
    for side in (side for side in SIDES if has_arm(held.figure, side)):
        palm, (rests, height_m) = held.figure.point(f"{side}_palm"), held.channel(f"{side}_palm")
        away = where_it_comes_down((held.source_points - points)[:, palm], rests, height_m)
        lowest = np.minimum(held.source_points[:, palm, 2], hand_m(held.figure))
        sunk = np.maximum(lowest - points[:, palm, 2], 0.0)
        wish = np.where(rests[:, None], away, sunk[:, None] * _UP)
        wishes.append((wish, rests * np.where(others, _BESIDE_FEET, _ALONE) + _HAND_SUNK * in_flight * (sunk > 0.0)))
    return wishes


def _in_flight(stands: Mask, rate: float) -> Array:
    """[T] 0 where a body stands, rising with the time to the nearest frame in which it does; 0 if it never does."""
    if not stands.any():
        return np.zeros(len(stands))
    frames = np.arange(len(stands), dtype=np.float64)
    before = np.maximum.accumulate(np.where(stands, frames, -np.inf))
    after = np.minimum.accumulate(np.where(stands, frames, np.inf)[::-1])[::-1]
    return np.clip(np.minimum(frames - before, after - frames) / (_FLIGHT_S * rate), 0.0, 1.0) ** 2
