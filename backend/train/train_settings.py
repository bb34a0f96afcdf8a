"""How long a network is trained, and how fast."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class TrainSettings:
    """Of one run."""

    steps: int = 10_000
    minutes: float = math.inf      # training ends with whichever comes first
    rate: float = 1.5e-3
    decay: float = 0.05
    warm_up_steps: int = 200
    constant_share: float = 0.5    # of the run, until the rate falls
    last_rate_share: float = 0.02
    mean_decay: float = 0.998      # of the running mean, per step
    gradient_norm: float = 1.0
    every: int = 500               # steps between validations and checkpoints


def rate_share(share: float, steps_since: int, settings: TrainSettings) -> float:
    """Of the full learning rate: up over the first steps, level, then down in a straight line."""
    up = min(1.0, (steps_since + 1) / settings.warm_up_steps)
    fallen = max(0.0, share - settings.constant_share) / max(1e-6, 1.0 - settings.constant_share)
    return up * (1.0 - (1.0 - settings.last_rate_share) * min(1.0, fallen))
