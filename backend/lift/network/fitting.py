"""Whether weights can be a network's, before there is one: a lie about its sizes takes no memory and no time."""

from __future__ import annotations

from collections.abc import Mapping

from motion.arrays import Array

MOST_BLOCKS = 64      # that a configuration may ask for
WIDEST = 8192


def check_enough(weights: Mapping[str, Array], fewest: int) -> None:
    """Raises ValueError where a network that has at least `fewest` numbers has more than there are in `weights`.

    Counting beats making the network without memory, on torch's device "meta": that imports torch's compiler.
    """
    if fewest > sum(values.size for values in weights.values()):
        raise ValueError("weights of another network")
