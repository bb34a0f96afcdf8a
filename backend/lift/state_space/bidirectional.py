"""Past and future for a causal layer."""

from __future__ import annotations

from torch import Tensor, nn


class Bidirectional(nn.Module):
    """One causal layer along [B, L, width] and another against it, added.

    All L steps of each clip are real: clips of other lengths make batches of their own, so that neither direction
    starts in padding.
    """

    def __init__(self, forwards: nn.Module, backwards: nn.Module) -> None:
        super().__init__()
        self.forwards, self.backwards = forwards, backwards

    def forward(self, u: Tensor) -> Tensor:
        return self.forwards(u) + self.backwards(u.flip(1)).flip(1)
