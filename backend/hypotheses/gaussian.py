"""The control for the flow: the lift plus noise of the variance that the lifter predicts, every joint on its own."""

from __future__ import annotations

import numpy as np
import torch

from backend.hypotheses.condition import condition_of
from backend.hypotheses.noise import slow_noise
from backend.hypotheses.root_of_samples import roots_of
from backend.hypotheses.samples import Samples
from backend.hypotheses.turns import turns_of
from backend.lift.lift import Lift
from motion.skeleton import BODY_JOINT_COUNT


def gaussian_samples(lift: Lift, count: int, seed: int = 0) -> Samples:
    """As many samples with the flow's own noise over time. Raises Refusal for a lift that no network made."""
    condition = condition_of(lift)
    generator = torch.Generator().manual_seed(seed)
    noise = slow_noise(count, len(condition.positions), 3 * BODY_JOINT_COUNT, generator).numpy().astype(np.float64)
    white = noise.reshape(count, -1, BODY_JOINT_COUNT, 3)
    turns = turns_of(condition, condition.sigma_rad[..., None] * white, len(lift.root_camera))
    return Samples(lift, turns, roots_of(lift, turns))
