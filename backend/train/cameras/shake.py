"""The unsteadiness of hands: sums of slow waves, since white noise would jitter as no hand does."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from backend.train.chance import Chance

_WAVES = 8
_SLOWEST_HZ, _FASTEST_HZ = 0.15, 6.0   # breathing and drift up to tremor; hand tremor proper (8-12 Hz) is invisible
_FALL_OFF = 1.2                        # amplitude over frequency: power falls a little faster than 1/f^2


def band_limited(times_s: Tensor, count: int, channels: int, chance: Chance) -> Tensor:
    """[B, T, channels] noise of mean square one over long times, without power above _FASTEST_HZ; times_s [T]."""
    shape = (count, channels, _WAVES)
    frequency = chance.log_uniform(_SLOWEST_HZ, _FASTEST_HZ, *shape)
    phase = chance.uniform(0.0, 2.0 * math.pi, *shape)
    amplitude = frequency**-_FALL_OFF * chance.uniform(0.3, 1.0, *shape)
    amplitude = amplitude * (2.0 / (amplitude**2).sum(-1, keepdim=True)).sqrt()
    waves = torch.sin(2.0 * math.pi * frequency[:, None] * times_s[:, None, None] + phase[:, None])
    return (waves * amplitude[:, None]).sum(-1)
