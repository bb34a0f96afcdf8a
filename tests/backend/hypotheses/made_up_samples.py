"""Samples about a made-up person whose limbs are elsewhere in some of them, by how much is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.hypotheses.samples import Samples
from backend.lift.lift import Lift
from motion.arrays import Array
from motion.filters import gaussian_smoothed
from motion.kinematics import forward_kinematics, local_rotations
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_NAMES
from tests.backend.lift.refine.clips import walker

ARM = ("shoulder", "elbow", "wrist")
LEG = ("hip", "knee", "ankle", "foot")


def person(frames: int = 200) -> Lift:
    return walker(frames)


def agreeing(lift: Lift, count: int) -> Samples:
    return Samples(lift, np.zeros((count, len(lift.root_camera), BODY_JOINT_COUNT, 3)),
                   np.tile(lift.root_camera, (count, 1, 1)))  # fmt: skip


def trembling(samples: Samples, rng: np.random.Generator, ankles_m: float = 0.02) -> Samples:
    """Every joint turned by smooth noise of its own, which moves ankles by about `ankles_m` along each axis."""
    white = rng.normal(size=samples.turns_rad.shape).swapaxes(0, 1)
    smooth = gaussian_smoothed(white, samples.lift.track.rate, 0.3).swapaxes(0, 1)
    noise = smooth / smooth.std() * ankles_m / 0.6   # hip and knee turn 0.42 m each
    return replace(samples, turns_rad=samples.turns_rad + noise)


def with_turn(samples: Samples, which: list[int], joints: list[str], turn_rad: Array, weight: Array) -> Samples:
    """Some samples with joints turned by turn_rad [3] or [T, 3], as much as weight [T] says."""
    turns = np.array(samples.turns_rad)
    for name in joints:
        turns[which, :, JOINT[name]] += weight[:, None] * turn_rad
    return replace(samples, turns_rad=turns)


def towards_camera(lift: Lift, side: str, kind: tuple[str, ...], angle_rad: float) -> Array:
    """The turn [T, 3] of a straightened limb that brings its end nearer to the camera."""
    joints = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint, lift.root_camera)[1]
    limb = joints[:, JOINT[f"{side}_{kind[2]}"]] - joints[:, JOINT[f"{side}_{kind[0]}"]]
    axis = np.cross(limb, -joints[:, 0])
    return angle_rad * axis / np.linalg.norm(axis, axis=-1, keepdims=True)


def during(frames: int, first: int, last: int, fade: int = 4) -> Array:
    """[T] 1 from the first frame to the last, 0 from `fade` frames beyond."""
    at = np.arange(frames)
    return np.clip(1.0 - np.maximum(first - at, at - last) / fade, 0.0, 1.0)


def of_side(side: str, names: tuple[str, ...]) -> list[str]:
    return [f"{side}_{name}" for name in names]


def mirrored(samples: Samples) -> Samples:
    """Left and right exchanged, in the picture and of the body."""
    order = np.array([JOINT_NAMES.index(other_side(name)) for name in JOINT_NAMES])
    across = np.diag([-1.0, 1.0, 1.0])
    lift = samples.lift
    R = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint, lift.root_camera)[0]
    lift = replace(lift, R_parent_from_joint=local_rotations(across @ R[:, order] @ across),
                   root_camera=lift.root_camera @ across)  # fmt: skip
    turns = samples.turns_rad[:, :, order[:BODY_JOINT_COUNT]] * [1.0, -1.0, -1.0]
    return Samples(lift, turns, samples.root_camera @ across)


def other_side(text: str) -> str:
    return text.replace("left", "#").replace("right", "left").replace("#", "right")
