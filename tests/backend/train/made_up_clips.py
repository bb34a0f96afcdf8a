"""People who walk, made up for the tests of training data."""

from __future__ import annotations

import numpy as np

from backend.train.motions.training_clip import RATE_HZ, Origin, Teaches, TrainingClip
from motion.body import read_open_body
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT

R_UPRIGHT = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])   # world (Z up) from a body at rest (Y up)


def walking(name: str, frames: int, speed_m_s: float, seed: int = 0, teaches: Teaches | None = None) -> TrainingClip:
    """Someone of random shape who walks straight ahead in a random direction, with swinging arms and legs."""
    rng = np.random.default_rng(seed)
    swing = 2.0 * np.pi * 0.9 * np.arange(frames) / RATE_HZ
    turns = np.zeros((frames, 22, 3))
    for side, phase, sign in (("left", 0.0, 1.0), ("right", np.pi, -1.0)):
        turns[:, JOINT[f"{side}_hip"], 0] = -0.4 * np.sin(swing + phase)
        turns[:, JOINT[f"{side}_knee"], 0] = 0.1 + 0.5 * np.maximum(0.0, np.cos(swing + phase))
        turns[:, JOINT[f"{side}_shoulder"], 2] = -1.2 * sign
        turns[:, JOINT[f"{side}_shoulder"], 0] = 0.5 * np.sin(swing + phase)
        turns[:, JOINT[f"{side}_elbow"], 1] = -0.6 * sign - 0.2 * np.sin(swing)
    R_parent_from_joint = matrix_from_axis_angle(turns)
    R_heading = matrix_from_axis_angle(np.array([0.0, 0.0, rng.uniform(-np.pi, np.pi)]))
    R_parent_from_joint[:, 0] = R_heading @ R_UPRIGHT @ R_parent_from_joint[:, 0]
    root = np.zeros((frames, 3))
    root[:, 1] = -speed_m_s * np.arange(frames) / RATE_HZ
    root = root @ R_heading.T + np.array([0.0, 0.0, 0.95])
    skeleton = read_open_body().shaped(rng.normal(size=8)).skeleton
    return TrainingClip(
        origin=Origin(name, "made-up", f"subject {seed}", name, "CC0-1.0", "train"),
        teaches=teaches or Teaches(),
        R_parent_from_joint=R_parent_from_joint.astype(np.float32),
        root_world=root.astype(np.float32),
        rest_joints=skeleton.rest_joints.astype(np.float32),
        still=rng.random((frames, 6)) < 0.5,
    )


def several(count: int, frames: int = 200) -> list[TrainingClip]:
    return [walking(f"walk {seed}", frames, 0.3 * seed, seed) for seed in range(count)]
