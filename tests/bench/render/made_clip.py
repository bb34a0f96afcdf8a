"""Training clips made up for tests: somebody who marches ahead, and somebody who lies on the back."""

from __future__ import annotations

import numpy as np

from backend.train.motions.training_clip import Origin, Teaches, TrainingClip
from motion.body import read_open_body
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import BODY_JOINT_COUNT, JOINT

R_Z_UP_FROM_Y_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
ORIGIN = Origin("made/marcher", "made", "marcher", "march", "CC0-1.0", "dev")


def marching(frames: int = 90, speed_m_s: float = 0.6) -> TrainingClip:
    """Faces -y and goes there, both knees and elbows bending in turn; the feet slide, the hands swing."""
    times_s = np.arange(frames) / 30.0
    turns = np.zeros((frames, BODY_JOINT_COUNT, 3))
    swing = 0.5 * np.sin(2 * np.pi * times_s)
    turns[:, JOINT["left_hip"], 0], turns[:, JOINT["right_hip"], 0] = -swing, swing
    turns[:, JOINT["left_shoulder"], 2], turns[:, JOINT["right_shoulder"], 2] = -1.2, 1.2
    R = matrix_from_axis_angle(turns)
    R[:, 0] = R_Z_UP_FROM_Y_UP
    root = np.stack([0.0 * times_s, -speed_m_s * times_s, np.full(frames, 0.95)], axis=1)
    return clip_of(R, root)


def lying(frames: int = 30) -> TrainingClip:
    """On the back with the pelvis at the height of the floor, half of the body sunk in."""
    R = np.broadcast_to(np.eye(3), (frames, BODY_JOINT_COUNT, 3, 3)).copy()
    return clip_of(R, np.zeros((frames, 3)))


def clip_of(R_parent_from_joint: np.ndarray, root_world: np.ndarray) -> TrainingClip:
    rest = read_open_body().shaped(np.zeros(0)).skeleton.rest_joints
    return TrainingClip(
        ORIGIN, Teaches(contacts=False), R_parent_from_joint.astype(np.float32), root_world.astype(np.float32),
        rest.astype(np.float32), np.zeros((len(root_world), 6), bool),
    )  # fmt: skip
