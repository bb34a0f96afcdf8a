"""The mean of a network's latest weights, which is what a run gives."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from torch import Tensor, nn


class RunningMean:
    """Of all weights of a network; it follows them quickly while it is young."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._network, self._decay = network, decay
        self.weights = {name: values.clone() for name, values in network.state_dict().items()}

    def restore(self, weights: Mapping[str, Tensor]) -> None:
        """Go on from this mean."""
        for name, values in self.weights.items():
            values.copy_(weights[name])

    def follow(self, step: int) -> None:
        """The weights after so many steps count, too."""
        keep = min(self._decay, (1 + step) / (10 + step))
        for name, values in self._network.state_dict().items():
            self.weights[name].lerp_(values, 1 - keep)

    @contextlib.contextmanager
    def in_place(self) -> Iterator[None]:
        """Meanwhile the network has the mean for its weights."""
        now = {name: values.clone() for name, values in self._network.state_dict().items()}
        self._network.load_state_dict(self.weights)
        try:
            yield
        finally:
            self._network.load_state_dict(now)
