"""All chance of the training data: drawn on the CPU from one generator, so that every device sees the same."""

from __future__ import annotations

import math

import torch
from torch import Tensor


class Chance:
    """Draws float32 tensors onto a device; the same seed and the same calls give the same numbers everywhere."""

    def __init__(self, generator: torch.Generator, device: torch.device | str = "cpu") -> None:
        self.generator, self.device = generator, torch.device(device)

    @classmethod
    def seeded(cls, seed: int, device: torch.device | str = "cpu") -> Chance:
        return cls(torch.Generator().manual_seed(seed), device)

    def uniform(self, low: float, high: float, *shape: int) -> Tensor:
        return (low + (high - low) * torch.rand(shape, generator=self.generator)).to(self.device)

    def log_uniform(self, low: float, high: float, *shape: int) -> Tensor:
        return self.uniform(math.log(low), math.log(high), *shape).exp()

    def normal(self, sigma: float, *shape: int) -> Tensor:
        return (sigma * torch.randn(shape, generator=self.generator)).to(self.device)

    def yes(self, probability: float, *shape: int) -> Tensor:
        """Bool tensors, True with `probability`."""
        return self.uniform(0.0, 1.0, *shape) < probability

    def sign(self, *shape: int) -> Tensor:
        """-1 or 1, equally often."""
        return 1.0 - 2.0 * self.yes(0.5, *shape).float()

    def one_of(self, weights: Tensor | tuple[float, ...], *shape: int) -> Tensor:
        """Indices into weights [N] >= 0, each as often as its weight says."""
        rising = torch.as_tensor(weights, dtype=torch.float64, device="cpu").cumsum(0)
        point = torch.rand(shape, generator=self.generator, dtype=torch.float64) * rising[-1]
        return torch.searchsorted(rising, point, right=True).clamp(max=len(rising) - 1).to(self.device)
