"""Lifted windows whose errors are told by the first of their numbers, and a small flow that can learn them."""

from __future__ import annotations

import numpy as np
import torch

from backend.hypotheses.condition import number_count
from backend.hypotheses.configuration import FlowConfiguration
from backend.hypotheses.flow import Flow
from backend.train.hypotheses.lifted_windows import LiftedWindows
from backend.train.hypotheses.window_batches import fit_units
from motion.body import read_open_body
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import BODY_JOINT_COUNT, PARENTS

TINY = FlowConfiguration(hidden_width=8, width=32, head_width=16, blocks=1, velocity_width=32, velocity_blocks=1,
                         kernel_frames=5)  # fmt: skip
SIGMA_RAD = 0.2


def some_windows(count: int = 6, frames: int = 30, seed: int = 0, hidden_width: int = TINY.hidden_width
                 ) -> LiftedWindows:  # fmt: skip
    """All joints of a window are turned about one axis, by more or less as its first number says."""
    rng = np.random.default_rng(seed)
    said = rng.choice([-1.0, 1.0], count)[:, None] * np.ones(frames)
    numbers = rng.normal(0.0, 0.3, (count, frames, number_count(hidden_width)))
    numbers[..., 0] = said
    turn_rad = rng.normal(0.0, 0.1, (count, 1, BODY_JOINT_COUNT, 3)) * np.ones((1, frames, 1, 1))
    turn_rad[..., 0] += SIGMA_RAD * said[..., None]
    rest = read_open_body().shaped(np.zeros(8)).skeleton.rest_joints[:BODY_JOINT_COUNT]
    bones = rest - rest[np.maximum(PARENTS[:BODY_JOINT_COUNT], 0)]
    return LiftedWindows(
        numbers, matrix_from_axis_angle(rng.normal(0.0, 0.5, (count, frames, BODY_JOINT_COUNT, 3))),
        np.full((count, frames, BODY_JOINT_COUNT), SIGMA_RAD), turn_rad,
        np.full((count, frames, BODY_JOINT_COUNT, 2), 0.05), np.repeat(bones[None], count, axis=0),
        np.ones((count, frames)), np.ones((count, BODY_JOINT_COUNT), bool),
    )  # fmt: skip


def tiny_flow(windows: LiftedWindows, seed: int = 0) -> Flow:
    """In the windows' units, with weights by chance."""
    torch.manual_seed(seed)
    flow = Flow(TINY)
    fit_units(flow, windows)
    return flow
