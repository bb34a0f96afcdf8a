"""Legs that reach again where the source's feet stood, on the character's own proportions.

Directions that were carried over leave feet of other legs sliding, floating and sunk. Each foot gets a place for every
time that it rests; the body goes along with its feet, smoothly and little, so that legs point nearly as before; inverse
kinematics of two bones does the rest. What a foot does on its heel, flat and on its ball: motion/clean_up/feet.py.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Array, Mask
from ..clean_up.feet import FootHolds, FootPath, ball_on_toes, foot_path, foot_places
from ..clean_up.figure import Figure
from ..clean_up.foot import Foot, feet_of
from ..clean_up.limb_turns import with_limb
from ..clean_up.reach import bent_limb, lowering
from .body_along import Wish, body_along
from .held import Held, held_of
from .source_pose import SourcePose
from .target import Target, TargetPose

_UP = np.array([0.0, 0.0, 1.0])
_SUNK = 4.0            # how much a foot that sinks in flight counts beside one that rests: it hangs on a straight leg
_BESIDE_FEET = 0.1     # how much a hand that rests says where the body is, beside a foot


def feet_solved(target: Target, source: SourcePose, pose: TargetPose) -> TargetPose:
    """The pose with every foot where it rests, none under the floor, knees bent in the planes they had.

    Where feet rest, and on what, is what the source's contacts say; heights go by the scale of the path.
    """
    held = held_of(target, source)
    feet = feet_of(held.figure)
    if not feet or not len(pose.root_world):
        return pose
    R, joints = held.figure.kinematics(pose.R_parent_from_joint, held.inside(pose.root_world))
    rests = [_rests(foot, R, joints, held) for foot in feet]
    free = ~held.held.any(axis=1)
    wishes = [_wish(each, free) for each in rests] + _on_hands(held, target, source, R, joints)
    moved = body_along(held, wishes, R, joints)
    joints = joints + moved[:, None]
    paths = [foot_path(replace(each, ankle=joints[:, each.foot.limb.end]), held.rate) for each in rests]
    limbs = [(foot.limb, path.ankle, path.pinned) for foot, path in zip(feet, paths, strict=True)]
    lower = lowering(held.figure, limbs, joints, held.rate)[:, None] * _UP
    changed = pose.R_parent_from_joint
    for foot, path in zip(feet, paths, strict=True):
        changed = _with_foot(held.figure, foot, path, changed, R, joints - lower[:, None])
    return replace(pose, R_parent_from_joint=changed, root_world=pose.root_world + held.size * (moved - lower))


def _rests(foot: Foot, R: Array, joints: Array, held: Held) -> FootHolds:
    """Where a foot rests: in the middle of where it is then."""
    R_foot, ankle = R[:, foot.limb.end], joints[:, foot.limb.end]
    (heel_held, heel_height), (ball_held, ball_height), (toe_held, toe_height) = (
        held.channel(f"{foot.side}_{part}") for part in ("heel", "ball", "toe")
    )
    places = foot_places(
        foot, ankle + R_foot @ foot.heel, ball_on_toes(foot, R_foot, ankle), heel_held, ball_held | toe_held,
        np.stack([heel_height, np.where(ball_held, ball_height, toe_height)], axis=1), held.rate,
    )  # fmt: skip
    return FootHolds(foot, R_foot, _toes(foot, R), ankle, *places, toe_held)


def _wish(rests: FootHolds, free: Mask) -> Wish:
    """How far [T, 3] m what rests of a foot is from its place, or it has sunk while nothing rests, free [T]; and how
    much [T] that counts.
    """
    foot, R_foot = rests.foot, rests.R_world_from_foot
    at = np.stack([rests.ankle + R_foot @ foot.heel, ball_on_toes(foot, R_foot, rests.ankle)])
    away = np.stack([rests.heel_place, rests.ball_place]) - at
    known = np.isfinite(away)
    count = known[..., 0].sum(axis=0)
    sunk = np.where(free, np.maximum(-at[..., 2].min(axis=0), 0.0), 0.0)
    wish = np.where(known, away, 0.0).sum(axis=0) / np.maximum(count, 1)[:, None] + sunk[:, None] * _UP
    return wish, (count > 0) + _SUNK * (sunk > 0.0)


def _on_hands(held: Held, target: Target, source: SourcePose, R: Array, joints: Array) -> list[Wish]:
    """The same of palms: arms bend more willingly than legs, but all of it counts where nothing else rests."""
    points = held.figure.points(R, joints)
    others = held.held[:, [not name.endswith("_palm") for name in held.names]].any(axis=1)
    wishes = []
    for name in ("left_palm", "right_palm"):
        rests, _ = held.channel(name)
        if rests.any():
            place = target.placed(source.points_world()[:, source.figure.point(name)], source.floor_world_m)
            away = held.inside(place) - points[:, held.figure.point(name)]
            wishes.append((away, rests * np.where(others, _BESIDE_FEET, 1.0)))
    return wishes


def _toes(foot: Foot, R: Array) -> Array:
    """R_foot_from_toes [T, 3, 3]; none bend where there is no joint."""
    R_foot = R[:, foot.limb.end]
    if foot.toe_joint < 0:
        return np.broadcast_to(np.eye(3), R_foot.shape)
    return np.swapaxes(R_foot, -1, -2) @ R[:, foot.toe_joint]


def _with_foot(figure: Figure, foot: Foot, path: FootPath, R_local: Array, R: Array, joints: Array) -> Array:
    limb = foot.limb
    R_upper, R_lower = bent_limb(figure, limb, R, joints, path.ankle, path.pinned)
    changed = with_limb(figure, limb, R_local, R, R_upper, R_lower, path.R_world_from_foot)
    if foot.toe_joint >= 0:
        parent = figure.parents[foot.toe_joint]
        R_parent_from_foot = np.swapaxes(R[:, parent], -1, -2) @ R[:, limb.end]
        changed[:, foot.toe_joint] = R_parent_from_foot @ path.R_foot_from_toes
    return changed
