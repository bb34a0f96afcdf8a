"""Small clips and rules for tests: people who walk in place, and limits that know only them."""

import numpy as np

from backend.train.motions.training_clip import Origin, Teaches, TrainingClip
from backend.train.variety.figure import Figure
from backend.train.variety.limits import JointLimits
from backend.train.variety.piercing import Piercing, fitted_piercing
from backend.train.variety.rules import Rules
from motion.body import read_open_body
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT

REST_JOINTS = read_open_body().shaped([]).skeleton.rest_joints
FIGURE = Figure(REST_JOINTS)
NO_LIMITS = JointLimits((None,) * 22, np.ones(22))
LENIENT = Rules(NO_LIMITS, Piercing(fitted_piercing([]).allowed + 0.05))


def marching(name, frames=90, swing_rad=0.5, arms_rad=0.4, pace_hz=0.9, split="train", seed=0, path_m_s=0.0):
    """Somebody who swings arms and legs, standing on nothing."""
    rng = np.random.default_rng(seed)
    t = 2.0 * np.pi * pace_hz * np.arange(frames) / 30.0 + rng.uniform(0.0, 6.0)
    vectors = np.zeros((frames, 22, 3))
    vectors[:, 0, 0] = np.pi / 2.0
    vectors[:, JOINT["spine2"], 1] = 0.2 * np.sin(t)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        vectors[:, JOINT[f"{side}_hip"], 0] = sign * swing_rad * np.sin(t)
        vectors[:, JOINT[f"{side}_knee"], 0] = swing_rad * (1.0 + np.sin(t))
        vectors[:, JOINT[f"{side}_shoulder"], 2] = -sign * 1.2
        vectors[:, JOINT[f"{side}_elbow"], 1] = -sign * arms_rad * (1.0 + np.sin(t + 0.7))
    R = matrix_from_axis_angle(vectors).astype(np.float32)
    root = np.tile([0.3, -0.2, 0.95], (frames, 1)) + path_m_s * np.arange(frames)[:, None] / 30.0 * np.array(
        [0.0, -1.0, 0.0]
    )
    origin = Origin(name, "test", name, "marching", "CC0-1.0", split)
    return TrainingClip(origin, Teaches(), R, root.astype(np.float32), REST_JOINTS.astype(np.float32),
                        np.zeros((frames, 6), bool))  # fmt: skip
