"""What of a body rests on what, and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Indices, Mask, freeze


@dataclass(frozen=True, eq=False)
class Contacts:
    """C channels over T frames. A channel is a named point of a Figure that holds to the world or to a joint."""

    names: tuple[str, ...]
    held: Mask              # [T, C] whether it rests: decided, without flicker
    probability: Array      # [T, C] from which that was decided
    height_m: Array         # [T, C] of what it rests on above the floor; 0 is the floor. Of no meaning where not held
    holds_to: Indices       # [C] the joint to which it holds (a hand on the other hand, on the hip); -1: the world

    def __post_init__(self) -> None:
        shapes = {"held": "T C", "probability": "T C", "height_m": "T C", "holds_to": "C"}
        freeze(self, shapes, {"held": bool, "holds_to": np.int64}, T=len(self.held), C=len(self.names))


@dataclass(frozen=True)
class ContactEdit:
    """The artist's word: a channel rests, or does not, from one time to another (s of the footage, both included)."""

    name: str
    from_s: float
    to_s: float
    held: bool
