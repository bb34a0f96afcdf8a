"""What sets one of the other poses apart from the main motion, in the words in which an artist chooses."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Mapping

from .limbs import LIMBS


@dataclass(frozen=True)
class Choice:
    """A hypothesis, which is a motion of the whole body, differs from the main motion most in one limb for a while."""

    limb: str      # of LIMBS
    first: int     # frames of the motion
    last: int      # the last one belongs to it
    share: float   # 0..1 of the samples look so there
    words: str     # such as "left wrist 18 cm nearer"; panels add the frames

    def __post_init__(self) -> None:
        if self.limb not in LIMBS:
            raise ValueError(f"There is no limb {self.limb!r}.")
        if not 0 <= self.first <= self.last or not 0.0 <= self.share <= 1.0:
            raise ValueError(f"Not a choice: frames {self.first} to {self.last}, share {self.share}.")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def choice_from(value: Mapping[str, Any]) -> Choice:
    """Raises an error of KeyError, TypeError or ValueError for what is no choice."""
    return Choice(str(value["limb"]), int(value["first"]), int(value["last"]), float(value["share"]),
                  str(value["words"]))  # fmt: skip
