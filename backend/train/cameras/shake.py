"""The unsteadiness of hands: sums of slow waves, since white noise would jitter as no hand does."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from backend.train.chance import Chance
from backend.train.rows import Rows

_WAVES = 8
_SLOWEST_HZ, _FASTEST_HZ = 0.15, 6.0   # breathing and drift up to the swaying of arms; what trembles faster is tiny
_FALL_OFF = 1.2                        # amplitude over frequency: power falls a little faster than 1/f^2


@dataclass(frozen=True, eq=False)
class Waves(Rows):
    """Noise without anything fast in it, of mean square one over long times."""

    turns_per_s: Tensor   # [B, channels, W] rad/s
    phase: Tensor         # [B, channels, W]
    amplitude: Tensor     # [B, channels, W]

    def at(self, times_s: Tensor) -> Tensor:
        """[B, T, channels] at times_s [T]."""
        waves = torch.sin(self.turns_per_s[:, None] * times_s[:, None, None] + self.phase[:, None])
        return (waves * self.amplitude[:, None]).sum(-1)


def draw_waves(count: int, channels: int, chance: Chance, slower: float = 1.0) -> Waves:
    """Waves of which none is faster than 6 Hz; `slower` divides all frequencies."""
    shape = (count, channels, _WAVES)
    frequency = chance.log_uniform(_SLOWEST_HZ, _FASTEST_HZ, *shape)
    amplitude = frequency**-_FALL_OFF * chance.uniform(0.3, 1.0, *shape)
    amplitude = amplitude * (2.0 / (amplitude**2).sum(-1, keepdim=True)).sqrt()
    return Waves(2.0 * math.pi / slower * frequency, chance.uniform(0.0, 2.0 * math.pi, *shape), amplitude)
