"""Clips of people who turn and walk as chance has it."""

from __future__ import annotations

import numpy as np

from backend.train.motions.training_clip import Origin, Teaches, TrainingClip
from motion.body import read_open_body
from motion.contacts.believe import STILL_POINTS
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import BODY_JOINT_COUNT


def made_up_clip(rng: np.random.Generator, frames: int, name: str = "made/up/one") -> TrainingClip:
    """A person whose joints all turn smoothly, the pelvis through several whole turns."""
    steps = np.cumsum(rng.normal(0.0, 0.06, (frames, BODY_JOINT_COUNT, 3)), axis=0)
    steps[:, 0, 1] += np.linspace(0.0, 14.0, frames)
    joints = tuple(bool(each) for each in rng.integers(0, 2, BODY_JOINT_COUNT))
    return TrainingClip(
        origin=Origin(name, "made", "up", "turns, “fast”", "CC0-1.0", "dev", 1.25),
        teaches=Teaches(joints=joints, speed=False),
        R_parent_from_joint=matrix_from_axis_angle(steps).astype(np.float32),
        root_world=np.cumsum(rng.normal(0.0, 0.05, (frames, 3)), axis=0).astype(np.float32) + 40.0,
        rest_joints=read_open_body().joints.astype(np.float32),
        still=rng.integers(0, 2, (frames, len(STILL_POINTS))).astype(bool),
    )
