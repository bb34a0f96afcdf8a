"""How a motion is brought to another character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..refusal import Refusal


@dataclass(frozen=True)
class RetargetSettings:
    """What the artist may choose. Raises Refusal for a scale that cannot be."""

    solve_feet: bool = True       # legs reach again where feet stood, on the character's own proportions
    hands: Literal["contacts", "places", "free"] = "contacts"   # contacts: where they touch; places: wherever they are
    fingers: bool = True
    root_motion: Literal["hips", "root"] = "hips"   # who carries the path: the hips, or the root bone over the ground
    start: Literal["source", "character"] = "source"   # where the path begins: as the source's does, or where it stands
    in_place: bool = False        # without the path over the ground
    mirrored: bool = False        # left for right
    loop: bool = False            # the end leads into the beginning
    path_scale: float = 0.0       # of the path, beside the source's; 0: by the length of the legs

    def __post_init__(self) -> None:
        if not 0.0 <= self.path_scale <= 1000.0:
            raise Refusal("bad-path-scale", f"The path cannot be {self.path_scale:g} times as long.",
                          "Choose a scale between 0 and 1000; 0 goes by the legs.")  # fmt: skip
