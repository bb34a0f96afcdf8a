"""Hands that touch again what the source's touched: the floor, a thing, the own body, each other.

Arms of other lengths on other shoulders miss what they held to. Palms are taken there by inverse kinematics of two
bones, eased in and out; hands keep their orientation to what they touch, elbows the planes in which they bend.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...arrays import Array, Mask
from ...clean_up.easing import eased, envelope
from ...clean_up.limb_turns import with_limb
from ...clean_up.reach import bent_limb
from ...figure import Figure
from ...limb_ik import Limb
from ...rotations import matrix_from_axis_angle
from ...runs import runs
from ..slots import SIDES
from ..source.source_pose import SourcePose
from ..target.target import Target, TargetPose
from .hand_holds import HandHold, hand_m, has_arm, holds_of, palm_of, scaled_places

_SWITCH_S = 0.07      # before and after a palm goes from one thing straight to the next, it holds to neither
_STRETCHED = (0.94, 0.985)   # of its length: how far out an arm gives way, and how far it goes at most
_SUNK = 0.02          # of a hand's length: what is less too low stays
_ROUNDS = 4           # in which a hand meets a forearm that moves less than its own hand; two hands meet at once


def hands_solved(target: Target, source: SourcePose, pose: TargetPose, places: bool) -> TargetPose:
    """The pose with the palms where the source's contacts have them.

    With `places` they are always where the source's are, as the path is scaled: for things of the world in the hands.
    What is out of reach is approached without a jerk. Legs must have been solved before.
    """
    if not len(pose.root_world):
        return pose
    pose = _at_places(target, source, pose) if places else _above_floor(target, source, pose)
    holds = holds_of(target, source)
    return _held(target.figure, holds, pose, source.rate) if holds else pose


@dataclass(frozen=True, eq=False)
class _Arm:
    """What a palm is to do where it holds, filled as arms meet."""

    side: str
    held: Mask        # [T]
    moves: Array      # [T, 3] m, of the palm
    turns: Array      # [T, 3] rad, of the hand in the world


def _arm(side: str, held: Mask) -> _Arm:
    return _Arm(side, held, np.zeros((len(held), 3)), np.zeros((len(held), 3)))


def _at_places(target: Target, source: SourcePose, pose: TargetPose) -> TargetPose:
    figure, R_local = target.figure, pose.R_parent_from_joint
    R, joints = figure.kinematics(R_local, pose.root_world)
    for side in (side for side in SIDES if has_arm(figure, side)):
        move = scaled_places(target, source, side) - palm_of(figure, side, R, joints)
        R_local = _with_palm(figure, side, move, R[:, figure.limbs[f"{side}_arm"].end], R_local, R, joints)
    return replace(pose, R_parent_from_joint=R_local)


def _above_floor(target: Target, source: SourcePose, pose: TargetPose) -> TargetPose:
    """Long arms on short legs: palms come no nearer to the floor than the source's, or than a hand is long."""
    figure, R_local = target.figure, pose.R_parent_from_joint
    R, joints = figure.kinematics(R_local, pose.root_world)
    for side in (side for side in SIDES if has_arm(figure, side)):
        lowest = np.minimum(scaled_places(target, source, side)[:, 2] - target.floor_world_m, hand_m(figure))
        sunk = lowest + target.floor_world_m - palm_of(figure, side, R, joints)[:, 2]
        if sunk.max() > _SUNK * hand_m(figure):
            move = envelope(sunk, source.rate)[:, None] * [0.0, 0.0, 1.0]
            R_local = _with_palm(figure, side, move, R[:, figure.limbs[f"{side}_arm"].end], R_local, R, joints)
    return replace(pose, R_parent_from_joint=R_local)


def _held(figure: Figure, holds: list[HandHold], pose: TargetPose, rate: float) -> TargetPose:
    R, joints = state = figure.kinematics(pose.R_parent_from_joint, pose.root_world)
    arms = {side: _arm(side, _without_switches([hold.held for hold in holds if hold.side == side], len(R), rate))
            for side in SIDES if has_arm(figure, side)}  # fmt: skip
    R_local = pose.R_parent_from_joint
    for round_ in range(_ROUNDS if any(hold.on == "forearm" for hold in holds) else 1):
        if round_:
            state = figure.kinematics(R_local, pose.root_world)
        for hold in holds:
            if hold.on_other_arm or not round_:
                _move(figure, hold, holds, arms, *state)
        R_local = pose.R_parent_from_joint
        for arm in arms.values():
            R_local = _with_arm(figure, arm, R_local, R, joints, rate)
    return replace(pose, R_parent_from_joint=R_local)


def _without_switches(masks: list[Mask], frames: int, rate: float) -> Mask:
    """[T] where any of the masks is, less the frames around those in which one follows another."""
    held = np.any(masks, axis=0) if masks else np.zeros(frames, dtype=bool)
    wide = int(np.ceil(_SWITCH_S * rate))
    for mask in masks:
        for start, stop in runs(mask):
            for edge, other in ((start, start - 1), (stop, stop)):
                if 0 <= other < frames and held[other]:
                    held[max(edge - wide, 0) : edge + wide] = False
    return held


def _move(
    figure: Figure, hold: HandHold, holds: list[HandHold], arms: dict[str, _Arm], R: Array, joints: Array
) -> None:
    """Adds to the moves of the arm, and of the other one if that is what it holds: both come halfway."""
    arm = arms[hold.side]
    active = hold.held & arm.held
    place, turn = hold.place(R, joints)
    move = np.where(active[:, None], place - palm_of(figure, hold.side, R, joints), 0.0)
    arm.turns[active] = turn[active]
    other = arms.get(SIDES[1 - SIDES.index(hold.side)])
    if not hold.on_other_arm or other is None:
        arm.moves[:] += move
        return
    back = np.any([each.held for each in holds if each.side == other.side and each.on_other_arm]
                  or [np.zeros_like(active)], axis=0)  # fmt: skip
    elsewhere = other.held & ~back
    arm.moves[:] += np.where(elsewhere, 1.0, 0.5)[:, None] * move
    other.moves[:] -= np.where(other.held, 0.0, 0.5)[:, None] * move


def _with_arm(figure: Figure, arm: _Arm, R_local: Array, R: Array, joints: Array, rate: float) -> Array:
    share = (arm.held | np.any(arm.moves != 0.0, axis=-1)).astype(np.float64)
    faded = eased(np.concatenate([arm.moves, arm.turns], axis=1), share, rate)
    R_hand = matrix_from_axis_angle(faded[:, 3:]) @ R[:, figure.limbs[f"{arm.side}_arm"].end]
    return _with_palm(figure, arm.side, faded[:, :3], R_hand, R_local, R, joints)


def _with_palm(
    figure: Figure, side: str, move: Array, R_world_from_hand: Array, R_local: Array, R: Array, joints: Array
) -> Array:  # fmt: skip
    """R_parent_from_joint [T, J, 3, 3] with a palm moved by `move` [T, 3] m and its hand oriented as given."""
    limb, point = figure.limbs[f"{side}_arm"], figure.point(f"{side}_palm")
    palm_from_wrist = figure.points_rest[point] - figure.rest_joints[limb.end]
    wrist = joints[:, limb.end] + move + (R[:, limb.end] - R_world_from_hand) @ palm_from_wrist
    wrist = _gently(figure.rest_joints, limb, joints, wrist)
    R_upper, R_lower = bent_limb(figure, limb, R, joints, wrist, np.ones(len(wrist)))
    return with_limb(figure, limb, R_local, R, R_upper, R_lower, R_world_from_hand)


def _gently(rest_joints: Array, limb: Limb, joints: Array, wrist: Array) -> Array:
    """Where wrists go [T, 3] m, drawn in where that is nearly out of reach: elbows must not snap straight. What was
    that far out before stays so.
    """
    way, root = wrist - joints[:, limb.upper], joints[:, limb.upper]
    wanted, before = np.linalg.norm(way, axis=-1), np.linalg.norm(joints[:, limb.end] - root, axis=-1)
    bones = np.diff(rest_joints[limb.joints], axis=0)
    start, most = np.outer(_STRETCHED, np.linalg.norm(bones, axis=-1).sum())
    start = np.maximum(before, start)
    room = np.maximum(most - start, 1e-9)
    over = np.maximum(wanted - start, 0.0)
    reached = np.where(over > 0.0, start + room * (1.0 - np.exp(-over / room)), wanted)
    return root + way * (reached / np.maximum(wanted, 1e-9))[:, None]
