"""Samples about a made-up person's true motion, each off by slow turns of its own."""

from __future__ import annotations

import numpy as np

from backend.hypotheses.root_of_samples import roots_of
from backend.hypotheses.samples import Samples
from backend.lift.lift import Lift
from motion.arrays import Array
from motion.skeleton import BODY_JOINT_COUNT, JOINT


def turned_samples(lift: Lift, turns_rad: Array) -> Samples:
    return Samples(lift, turns_rad, roots_of(lift, turns_rad))


def slow_samples(lift: Lift, count: int, turn_rad: float = 0.2, seed: int = 0) -> Samples:
    """Each joint of each sample turned by its own wave of two to four seconds."""
    rng = np.random.default_rng(seed)
    times_s = np.arange(len(lift.root_camera))[None, :, None, None] / lift.track.rate
    shape = (count, 1, BODY_JOINT_COUNT, 3)
    waves = np.sin(2.0 * np.pi * (rng.uniform(0.25, 0.5, shape) * times_s + rng.uniform(size=shape)))
    return turned_samples(lift, np.sqrt(2.0) * turn_rad * waves)


def only(lift: Lift, joint: str, turn_rad: tuple[float, float, float]) -> Array:
    """[T, 22, 3] that turn one joint's orientation, in the camera's axes."""
    turns = np.zeros((len(lift.root_camera), BODY_JOINT_COUNT, 3))
    turns[:, JOINT[joint]] = turn_rad
    return turns
