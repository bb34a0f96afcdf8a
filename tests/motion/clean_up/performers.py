"""Simple motions made up of a path of the pelvis and paths of feet and hands, with what rests known exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from motion.body import read_open_body
from motion.contacts.body_points import figure_of
from motion.contacts.contacts import Contacts
from motion.figure import Figure
from motion.kinematics import local_rotations
from motion.limb_ik import LIMBS, limb_posed
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT_NAMES

FIGURE = figure_of(read_open_body().shaped([]))
RATE = 30.0
SOLES = ("left_heel", "left_ball", "right_heel", "right_ball")
UP = np.array([0.0, 0.0, 1.0])
# The rest pose has Y up and faces +Z; these people face +X of the world at heading 0.
UPRIGHT = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
SOLE_M = float(FIGURE.rest_joints[LIMBS["left_leg"].end, 1] - FIGURE.points_rest[FIGURE.point("left_ball"), 1])
HIPS_M = float(FIGURE.rest_joints[1, 0])


@dataclass(frozen=True, eq=False)
class Take:
    R: np.ndarray           # [T, 55, 3, 3] local
    root: np.ndarray        # [T, 3]
    contacts: Contacts
    figure: Figure = FIGURE

    def points(self, *names):
        at = self.figure.points(*self.figure.kinematics(self.R, self.root))
        return at[:, [self.figure.point(name) for name in names]]

    def joints(self):
        return self.figure.kinematics(self.R, self.root)[1]

    def with_motion(self, R, root):
        return replace(self, R=R, root=root)


def contacts_of(held, heights=None, holds_to=None):
    """Contacts of masks [T] by name."""
    names = tuple(held)
    mask = np.stack([held[name] for name in names], axis=1)
    height = np.zeros(mask.shape) if heights is None else np.stack([heights[n] for n in names], axis=1)
    to = np.full(len(names), -1) if holds_to is None else np.array([holds_to.get(n, -1) for n in names])
    return Contacts(names, mask, mask.astype(float), height, to)


def about_z(angle):
    return matrix_from_axis_angle(np.asarray(angle)[..., None] * UP)


def standing(R_pelvis, root, ankles, R_feet, contacts, bend_toes=None):
    """A take from the pelvis [T, 3, 3], [T, 3] and both feet {side: [T, 3]}, {side: [T, 3, 3]}; arms hang at rest."""
    frames = len(root)
    R = np.tile(np.eye(3), (frames, 55, 1, 1))
    R[:, 0] = R_pelvis
    world = np.tile(R_pelvis[:, None], (1, 55, 1, 1))
    joints = FIGURE.kinematics(R, root)[1]
    for side in ("left", "right"):
        limb = LIMBS[f"{side}_leg"]
        forward = (R_pelvis @ np.array([0.0, 0.0, 1.0])) + 1e-3
        R_upper, R_lower = limb_posed(limb, FIGURE.rest_joints, joints[:, limb.upper], ankles[side], forward)
        world[:, limb.upper], world[:, limb.lower], world[:, limb.end] = R_upper, R_lower, R_feet[side]
        toe = FIGURE.toe_joints[f"{side}_leg"]
        world[:, toe] = R_feet[side] if bend_toes is None else bend_toes[side]
    return Take(local_rotations(world), root, contacts)


def in_place(frames=60, drop=0.03):
    """Stands on both feet."""
    time = np.arange(frames) / RATE
    level = np.tile(UPRIGHT, (frames, 1, 1))
    root = np.stack([0.02 * np.sin(time), 0.015 * np.cos(1.3 * time), np.full(frames, 0.97 - drop)], axis=1)
    ankles = {side: np.tile([0.0, sign * 0.12, SOLE_M], (frames, 1)) for side, sign in (("left", 1), ("right", -1))}
    held = {name: np.ones(frames, dtype=bool) for name in SOLES}
    return standing(level, root, ankles, {"left": level, "right": level}, contacts_of(held))


def walking(frames=120, speed=0.8, stride_s=1.0, drop=0.06):
    """Walks along +X at constant speed; each foot rests flat for 0.6 of a stride and swings for the rest."""
    time = np.arange(frames) / RATE
    level = np.tile(UPRIGHT, (frames, 1, 1))
    root = np.stack([speed * time, np.zeros(frames), np.full(frames, 0.97 - drop)], axis=1)
    ankles, held = {}, {}
    for side, sign, shift in (("left", 1, 0.0), ("right", -1, 0.5)):
        phase = time / stride_s + shift
        step, share = np.floor(phase), phase - np.floor(phase)
        swing = np.clip((share - 0.6) / 0.4, 0.0, 1.0)
        ease = swing * swing * swing * (10 - 15 * swing + 6 * swing * swing)
        x = speed * stride_s * (step - shift + 0.3 + ease)
        z = SOLE_M + 0.08 * np.sin(np.pi * swing) ** 2
        ankles[side] = np.stack([x, np.full(frames, sign * 0.1), z], axis=1)
        for part in ("heel", "ball"):
            held[f"{side}_{part}"] = share <= 0.6
    return standing(level, root, ankles, {"left": level, "right": level}, contacts_of(held))


def noisy(take, rng, turn_deg=0.7, slide_m=0.015):
    """As a capture of it might be: smooth errors of all body joints and of the path."""
    frames = len(take.root)
    time = np.arange(frames)[:, None] / RATE

    def waves(columns, size):
        total = np.zeros((frames, columns))
        for slowness in (0.2, 0.7, 1.7):
            total += np.sin(2 * np.pi * (slowness * time + rng.random(columns))) * rng.normal(size=columns)
        return size / np.sqrt(1.5) * total

    turns = np.zeros((frames, 55, 3))
    turns[:, :22] = waves(66, np.deg2rad(turn_deg)).reshape(frames, 22, 3)
    return take.with_motion(take.R @ matrix_from_axis_angle(turns), take.root + waves(3, slide_m))


def pitched(R, angle):
    """Feet [T, 3, 3] turned about their own left-right axis, heel up by angle [T] rad."""
    return R @ matrix_from_axis_angle(np.asarray(angle)[..., None] * np.array([1.0, 0.0, 0.0]))


def offset(side, part):
    return FIGURE.points_rest[FIGURE.point(f"{side}_{part}")] - FIGURE.rest_joints[LIMBS[f"{side}_leg"].end]


def mirrored(take):
    """Left and right exchanged, across the world's plane y = 0."""
    order = mirrored_joints()
    across, body = np.diag([1.0, -1.0, 1.0]), np.diag([-1.0, 1.0, 1.0])
    world = across @ take.figure.kinematics(take.R, take.root)[0][:, order] @ body
    names = tuple(_other_side(name) for name in take.contacts.names)
    contacts = replace(take.contacts, names=names)
    return replace(take, R=local_rotations(world), root=take.root @ across, contacts=contacts)


def mirrored_joints():
    return np.array([JOINT_NAMES.index(_other_side(name)) for name in JOINT_NAMES])


def _other_side(name):
    return name.replace("left", "#").replace("right", "left").replace("#", "right")
