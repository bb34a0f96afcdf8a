"""Somebody who moves all limbs, before cameras of which everything is known, seen without error."""

from __future__ import annotations

import numpy as np

from backend.lift.lift import Lift
from backend.multiview.rig import Rig
from motion.arrays import Array
from motion.body import read_open_body
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT
from tests.backend.lift.made_up_track import R_CAMERA_FROM_STANDING, K, seen

LIMBS = ("left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_hip", "right_hip", "left_knee",
         "right_knee", "spine1", "head")  # fmt: skip
RATE = 30.0


def rig_about(angles_deg: tuple[float, ...], starts_s: tuple[float, ...], away_m: float = 4.0) -> Rig:
    """Level cameras on a circle about a place `away_m` before the first one."""
    count = len(angles_deg)
    R = matrix_from_axis_angle(np.deg2rad(angles_deg)[:, None] * np.array([0.0, -1.0, 0.0]))
    places = np.array([0.0, 0.0, away_m]) - R @ np.array([0.0, 0.0, away_m])
    return Rig(np.broadcast_to(K, (count, 3, 3)), R, places, np.array(starts_s), np.ones(count))


def dancing(times_s: Array, seed: int = 0) -> tuple[Array, Array]:
    """R_parent_from_joint [T, 55, 3, 3] and root [T, 3] m before the first camera of somebody about 4 m away."""
    chance, pose = np.random.default_rng(seed), np.zeros((len(times_s), 55, 3))
    for name in LIMBS:
        size = 0.25 if name in ("spine1", "head") else 0.7
        for axis in (0, 2) if "shoulder" in name or "hip" in name else (0,):
            waves = np.sin(np.outer(times_s, chance.uniform(2.0, 9.0, 3)) + chance.uniform(0.0, 6.0, 3))
            pose[:, JOINT[name], axis] = size * waves @ np.array([0.5, 0.3, 0.2])
    for side, sign in (("left", -1.0), ("right", 1.0)):
        pose[:, JOINT[f"{side}_shoulder"], 2] += 0.8 * sign
        pose[:, JOINT[f"{side}_knee"], 0] += 0.8
        pose[:, JOINT[f"{side}_elbow"], 1] += 0.9 * sign
    R = matrix_from_axis_angle(pose)
    R[:, 0] = R_CAMERA_FROM_STANDING @ matrix_from_axis_angle(np.array([0.0, 0.5, 0.0]))
    root = np.array([0.0, 0.2, 4.0]) + 0.3 * np.stack([np.sin(2.1 * times_s), 0.0 * times_s, np.sin(1.3 * times_s)], 1)
    return R, root


def filmed(rig: Rig, frames: int = 90, seed: int = 0) -> tuple[Lift, ...]:
    """What a perfect lifter makes of the person before each camera, in so many frames of its own."""
    own_s = np.arange(frames) / RATE
    return tuple(_lift(rig, view, rig.first_times_s(view, own_s), seed) for view in range(rig.count))


def _lift(rig: Rig, view: int, times_s: Array, seed: int) -> Lift:
    R, root = dancing(times_s, seed)
    R[:, 0] = rig.R_first_from_camera[view].T @ R[:, 0]
    root, body = rig.in_camera(view, root), read_open_body().shaped(np.zeros(0))
    return Lift(seen(body, R, root, RATE).track, body, K, R, root, np.ones((len(root), 55)))
