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
from ..source.source_pose import SourcePose
from ..target.target import Target, TargetPose
from .body_along import Wish, body_along
from .held import Held, held_of, where_it_comes_down

_UP = np.array([0.0, 0.0, 1.0])
_SUNK = 4.0            # how much a foot that sinks in flight counts beside one that rests: it hangs on a straight leg
_BESIDE_FEET, _ALONE = 0.1, 4.0   # and a hand that rests, beside a foot and in a handstand: its arm is straight, too


def feet_solved(target: Target, source: SourcePose, pose: TargetPose) -> TargetPose:
    """The pose with every foot where it rests, none under the floor, knees bent in the planes they had.

    Where feet rest, and on what, is what the source's contacts say; heights go by the scale of the path.
    """
    held = held_of(target, source)
    feet = feet_of(held.figure)
    if not feet or not len(pose.root_world):
        return pose
    R, joints = held.figure.kinematics(pose.R_parent_from_joint, held.inside(pose.root_world))
    rests = [foot_holds(foot, R, joints, held.channel, held.rate) for foot in feet]
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


def _wish(rests: FootHolds, free: Mask) -> Wish:
    """How far [T, 3] m what rests of a foot is from its place, or it has sunk while nothing rests, free [T]; and how
    much [T] that counts.
    """
    foot, R_foot = rests.foot, rests.R_world_from_foot
    heel, ball = rests.ankle + R_foot @ foot.heel, rests.ankle + R_foot @ foot.ball
    at = np.stack([heel, ball_on_toes(foot, R_foot, rests.ankle)])
    away = np.stack([rests.heel_place, rests.ball_place]) - at
    known = np.isfinite(away)
    count = known[..., 0].sum(axis=0)
    sunk = np.where(free, np.maximum(-np.minimum(heel[:, 2], ball[:, 2]), 0.0), 0.0)
    wish = np.where(known, away, 0.0).sum(axis=0) / np.maximum(count, 1)[:, None] + sunk[:, None] * _UP
    return wish, (count > 0) + _SUNK * (sunk > 0.0)


def _on_hands(held: Held, R: Array, joints: Array) -> list[Wish]:
    """The same of palms: arms bend more willingly than legs, but who stands on them is where they are."""
    points = held.figure.points(R, joints)
    others = held.held[:, [not name.endswith("_palm") for name in held.names]].any(axis=1)
    wishes = []
    for name in ("left_palm", "right_palm"):
        rests, height_m = held.channel(name)
        if rests.any():
            away = where_it_comes_down((held.source_points - points)[:, held.figure.point(name)], rests, height_m)
            wishes.append((away, rests * np.where(others, _BESIDE_FEET, _ALONE)))
    return wishes
