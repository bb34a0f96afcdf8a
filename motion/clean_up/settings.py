"""How a motion is cleaned up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..refusal import Refusal


@dataclass(frozen=True)
class CleanUpSettings:
    """What clean-up may do. Raises Refusal for shares outside of 0 to 1."""

    feet: Literal["auto", "always", "never", "ground"] = "auto"   # always: all low ones, ground: only lift
    strength: float = 1.0      # how firmly what rests is held, 0..1
    smoothing: float = 1.0     # of the motion: 0 is as captured, 1 as measured best
    plant_hands: bool = True   # plant hands that rest, too

    def __post_init__(self) -> None:
        for name in ("strength", "smoothing"):
            share = getattr(self, name)
            if not 0.0 <= share <= 1.0:
                raise Refusal("bad-clean-up", f"The {name} of clean-up must lie between 0 and 1, not at {share:g}.",
                              "Choose 1 if unsure.")  # fmt: skip
