"""People who stand, walk, jump, sit and kneel at any rate, and when they truly rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.body import read_open_body
from motion.contacts.body_points import figure_of
from motion.kinematics import local_rotations
from motion.limb_ik import LIMBS, limb_posed
from motion.rotations import matrix_from_axis_angle

FIGURE = figure_of(read_open_body().shaped([]))
# The rest pose has Y up and faces +Z; these people face +X of the world.
UPRIGHT = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
ANKLE_M = float(FIGURE.rest_joints[LIMBS["left_leg"].end, 1] - FIGURE.points_rest[FIGURE.point("left_ball"), 1])
FEET = tuple(f"{side}_{part}" for side in ("left", "right") for part in ("heel", "ball", "toe"))
SIDES = (("left", 1.0), ("right", -1.0))


@dataclass(frozen=True, eq=False)
class Take:
    """R [T, 55, 3, 3] in the world and joints [T, 55, 3] m, `rests` [T] by side where a whole foot truly does."""

    R: np.ndarray
    joints: np.ndarray
    rate: float
    rests: dict

    @property
    def points(self):
        return FIGURE.points(self.R, self.joints)

    def moved(self, yaw=0.0, shift=(0.0, 0.0, 0.0)):
        turn = matrix_from_axis_angle([0.0, 0.0, yaw])
        return Take(turn @ self.R, self.joints @ turn.T + np.array(shift), self.rate, self.rests)

    def backwards(self):
        return Take(self.R[::-1], self.joints[::-1], self.rate, {s: rests[::-1] for s, rests in self.rests.items()})


def take_of(root, ankles, rate, rests, R_feet=None, lean=0.0, arms=None):
    """From paths of the pelvis [T, 3] and of the ankles by side; the trunk leans forwards by an angle.

    `arms` are rotations by joint.
    """
    frames = len(root)
    R = np.tile(np.eye(3), (frames, 55, 1, 1))
    R[:, 0] = UPRIGHT @ matrix_from_axis_angle([lean, 0.0, 0.0])
    for joint, turns in (arms or {}).items():
        R[:, joint] = turns
    world, joints = FIGURE.kinematics(R, root)
    for side, _ in SIDES:
        limb, foot = LIMBS[f"{side}_leg"], FIGURE.toe_joints[f"{side}_leg"]
        R_foot = UPRIGHT if R_feet is None else R_feet[side]
        ahead = np.array([1.0, 0.0, 0.1])
        upper, lower = limb_posed(limb, FIGURE.rest_joints, joints[:, limb.upper], ankles[side], ahead)
        world[:, limb.upper], world[:, limb.lower] = upper, lower
        world[:, limb.end], world[:, foot] = R_foot, UPRIGHT
    return Take(*FIGURE.kinematics(local_rotations(world), root), rate, rests)


def times(seconds, rate):
    return np.arange(int(round(seconds * rate))) / rate


def ankles_at(frames, apart=0.11, height=0.0):
    return {side: np.tile([0.0, sign * apart, ANKLE_M + height], (frames, 1)) for side, sign in SIDES}


def standing(rate=30.0, seconds=2.0, height=0.0, arms=None, sway_m=0.02):
    t = times(seconds, rate)
    root = np.stack([sway_m * np.sin(2 * t), 0.01 * np.cos(3 * t), np.full(len(t), 0.93 + height)], axis=1)
    always = np.ones(len(t), dtype=bool)
    return take_of(root, ankles_at(len(t), height=height), rate, {"left": always, "right": always}, arms=arms)


def walking(rate=30.0, seconds=4.0, speed=1.0, stride_s=1.1, step_m=0.0, share_resting=0.6):
    """Each foot rests flat for a share of a stride, `step_m` higher with every step of stairs."""
    t = times(seconds, rate)
    climbed = step_m * 2 * t / stride_s
    root = np.stack([speed * t, np.zeros(len(t)), 0.90 + climbed - step_m], axis=1)
    ankles, rests = {}, {}
    for (side, sign), shift in zip(SIDES, (0.0, 0.5)):
        phase = t / stride_s + shift
        count, share = np.floor(phase), phase - np.floor(phase)
        swing = np.clip((share - share_resting) / (1 - share_resting), 0.0, 1.0)
        ease = swing**3 * (10 - 15 * swing + 6 * swing**2)
        x = speed * stride_s * (count - shift + 0.5 * share_resting + ease)
        z = ANKLE_M + 0.1 * np.sin(np.pi * swing) ** 2 + step_m * 2 * np.maximum(count - shift + ease, 0.0)
        ankles[side] = np.stack([x, np.full(len(t), 0.1 * sign), z], axis=1)
        rests[side] = share <= share_resting
    return take_of(root, ankles, rate, rests)


def jumping(rate=30.0, flight_s=0.4):
    """Stands, crouches, flies for a while straight up, lands, stands."""
    t = times(3.0, rate)
    start, end = 1.5 - 0.5 * flight_s, 1.5 + 0.5 * flight_s
    flying = (t > start) & (t < end)
    up = np.where(flying, 0.5 * 9.81 * (t - start) * (end - t), 0.0)
    away = np.minimum(np.abs(t - start), np.abs(t - end))
    crouch = np.where(flying, 0.0, 0.15 * np.exp(-0.5 * ((away - 0.2) / 0.08) ** 2))
    root = np.stack([np.zeros(len(t)), np.zeros(len(t)), 0.93 - crouch + up], axis=1)
    ankles = ankles_at(len(t))
    for path in ankles.values():
        path[:, 2] += up
    return take_of(root, ankles, rate, {"left": ~flying, "right": ~flying})


def sitting(rate=30.0, seconds=3.0):
    """On a chair, the trunk moving a little."""
    t = times(seconds, rate)
    root = np.tile([-0.38, 0.0, 0.56], (len(t), 1))
    always = np.ones(len(t), dtype=bool)
    return take_of(root, ankles_at(len(t)), rate, {"left": always, "right": always})


def with_palm(take, side, palm, elbow_to=(-0.3, 0.0, -1.0)):
    """The take with a palm [T, 3] somewhere, the hand turned as the trunk is."""
    limb, point = LIMBS[f"{side}_arm"], FIGURE.point(f"{side}_palm")
    world, joints = take.R.copy(), take.joints
    R_hand = world[:, limb.end]
    wrist = palm - R_hand @ (FIGURE.points_rest[point] - FIGURE.rest_joints[limb.end])
    upper, lower = limb_posed(limb, FIGURE.rest_joints, joints[:, limb.upper], wrist, np.array(elbow_to))
    world[:, limb.upper], world[:, limb.lower] = upper, lower
    return Take(*FIGURE.kinematics(FIGURE.local(world), joints[:, 0]), take.rate, take.rests)
