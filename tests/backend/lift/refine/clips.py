"""A made-up person, seen without error unless a test says otherwise, whose lift is off by smooth turns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.lift.lift import Lift
from backend.lift.refine.correction import SHIFT, TURNS, UNKNOWN_COUNT
from backend.lift.refine.parts import JOINT_FROM_PART
from backend.lift.refine.trust import Trust
from backend.lift.refine.turned import with_turns
from motion.arrays import Array
from tests.backend.lift.made_up_track import K, MadeUp, reaching_and_stepping


def true_lift(made_up: MadeUp) -> Lift:
    frames = len(made_up.track.times_s)
    root = _root(made_up)
    return Lift(made_up.track, made_up.body, K, made_up.R_parent_from_joint, root, np.ones((frames, 55)))


def _root(made_up: MadeUp) -> Array:
    """The pelvis, from the left hip's landmark, which rides on the left hip."""
    body, R = made_up.body, made_up.R_camera_from_joint
    left_hip = body.model.point_names.index("left_hip")
    offset_of_hip = body.skeleton.offsets[1]
    beside = body.points[left_hip] - body.skeleton.rest_joints[1]
    return made_up.points_camera[:, left_hip] - R[:, 1] @ beside - R[:, 0] @ offset_of_hip


def wrong_lift(truth: Lift, rng: np.random.Generator, turn_rad: float = 0.15, shift_m: float = 0.05) -> Lift:
    """Every part turned by its own slow wave, and the whole body shifted by another."""
    correction = _waves(len(truth.root_camera), truth.track.rate, rng)
    turns = turn_rad * correction[:, TURNS].reshape(len(correction), -1, 3)
    return replace(truth, R_parent_from_joint=with_turns(truth, JOINT_FROM_PART @ turns),
                   root_camera=truth.root_camera + shift_m * correction[:, SHIFT])  # fmt: skip


def _waves(frames: int, rate: float, rng: np.random.Generator) -> Array:
    """[T, UNKNOWN_COUNT] waves of root mean square 1 that take two to four seconds."""
    times_s = np.arange(frames)[:, None] / rate
    rounds_s = rng.uniform(0.25, 0.5, UNKNOWN_COUNT)
    return np.sqrt(2.0) * np.sin(2.0 * np.pi * (rounds_s * times_s + rng.uniform(size=UNKNOWN_COUNT)))


def waves_that_forget(frames: int, rate: float, lasts_s: float, rng: np.random.Generator) -> Array:
    """[T, 33, 2] first-order autoregressive noise of deviation 1."""
    kept = np.exp(-1.0 / (rate * lasts_s))
    noise = rng.normal(size=(frames, 33, 2))
    for frame in range(1, frames):
        noise[frame] = kept * noise[frame - 1] + np.sqrt(1.0 - kept**2) * noise[frame]
    return noise


def trust(lift: Lift, sigma_px: float = 4.0, turn_rad: float = 0.15) -> Trust:
    frames = len(lift.root_camera)
    return Trust(lift.track.landmarks_px, np.full((frames, 33), sigma_px), np.full((frames, 22), turn_rad),
                 np.tile((0.05, 0.05), (frames, 1)))  # fmt: skip


def seen_as(lift: Lift, landmarks_px: Array) -> Lift:
    return replace(lift, track=replace(lift.track, landmarks_px=landmarks_px))


def error_mm(lift: Lift, truth: Lift) -> Array:
    """[T] mean distance of the landmarks from the true ones."""
    return 1e3 * np.linalg.norm(lift.points_camera()[:, :33] - truth.points_camera()[:, :33], axis=-1).mean(axis=1)


def walker(frames: int = 45, rate: float = 30.0) -> Lift:
    return true_lift(reaching_and_stepping(frames=frames, rate=rate))
