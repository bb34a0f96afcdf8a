"""Whether weights are those of a network, before there is one: a lie about its sizes takes no memory and no time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import nn

from motion.arrays import Array

MOST_BLOCKS = 64      # that a configuration may ask for
WIDEST = 8192


def check_fits(make: Callable[[], nn.Module], weights: Mapping[str, Array]) -> None:
    """Raises ValueError unless the network that `make` makes has weights of these names and shapes."""
    with torch.device("meta"):
        expected = {name: tuple(values.shape) for name, values in make().state_dict().items()}
    if expected != {name: values.shape for name, values in weights.items()}:
        raise ValueError("weights of another network")
