"""All chance of the training data: drawn on the CPU from one generator, so that every device sees the same."""

from __future__ import annotations

import math
from functools import partial

import torch
from torch import Tensor

from backend.train.part import Part


class Chance:
    """Draws float32 tensors onto a device; the same seed and the same calls give the same numbers everywhere.

    With a `part`, shapes are those of its rows, and numbers are those that the whole batch has there: to draw is so
    much cheaper than what is made of it that every process draws for all. Rows lie along the first axis, or `axis`.
    """

    def __init__(
        self, generator: torch.Generator, device: torch.device | str = "cpu", part: Part | None = None
    ) -> None:
        self.generator, self.device, self.part = generator, torch.device(device), part

    @classmethod
    def seeded(cls, seed: int, device: torch.device | str = "cpu", part: Part | None = None) -> Chance:
        return cls(torch.Generator().manual_seed(seed), device, part)

    def uniform(self, low: float, high: float, *shape: int, axis: int = 0) -> Tensor:
        share = self._drawn(partial(torch.rand, generator=self.generator), shape, axis)
        return (low + (high - low) * share).to(self.device)

    def log_uniform(self, low: float, high: float, *shape: int) -> Tensor:
        return self.uniform(math.log(low), math.log(high), *shape).exp()

    def normal(self, sigma: float, *shape: int, axis: int = 0) -> Tensor:
        return (sigma * self._drawn(partial(torch.randn, generator=self.generator), shape, axis)).to(self.device)

    def yes(self, probability: float, *shape: int) -> Tensor:
        """Bool tensors, True with `probability`."""
        return self.uniform(0.0, 1.0, *shape) < probability

    def some(self, probability: float, rows: int) -> tuple[Tensor, Chance]:
        """Indices of rows, each chosen with `probability`, and the chance of what is drawn for these alone."""
        part = self.part or Part.of(rows)
        everybody = torch.rand(part.whole, generator=self.generator) < probability
        before, chosen, behind = everybody.split([part.first, part.rows, part.whole - part.last])
        first, last = int(before.sum()), int(before.sum() + chosen.sum())
        of_them = Part(first, last, last + int(behind.sum()))
        return chosen.nonzero()[:, 0].to(self.device), Chance(self.generator, self.device, of_them)

    def sign(self, *shape: int) -> Tensor:
        """-1 or 1, equally often."""
        return 1.0 - 2.0 * self.yes(0.5, *shape).float()

    def below(self, end: int, *shape: int) -> Tensor:
        """Whole numbers 0..end - 1, all as often."""
        return self._drawn(partial(torch.randint, end, generator=self.generator), shape).to(self.device)

    def one_of(self, weights: Tensor | tuple[float, ...], *shape: int) -> Tensor:
        """Indices into weights [N] >= 0, each as often as its weight says."""
        rising = torch.as_tensor(weights, dtype=torch.float64, device="cpu").cumsum(0)
        share = self._drawn(partial(torch.rand, generator=self.generator, dtype=torch.float64), shape)
        chosen = torch.searchsorted(rising, share * rising[-1], right=True)
        return chosen.clamp(max=len(rising) - 1).to(self.device)

    def _drawn(self, draw: partial[Tensor], shape: tuple[int, ...], axis: int = 0) -> Tensor:
        return draw(shape) if self.part is None else self.part.drawn(draw, shape, axis)
