"""What the artist says of the world: which edge is upright, when somebody stands upright, when on the floor."""

from __future__ import annotations

import math
from dataclasses import dataclass

from motion.refusal import Refusal

_SHORTEST_PX = 10.0   # a shorter line says less than it seems to


@dataclass(frozen=True)
class VerticalLine:
    """An edge of the scene that is upright, as drawn over one picture of the footage."""

    from_px: tuple[float, float]
    to_px: tuple[float, float]
    time_s: float


@dataclass(frozen=True)
class WorldHints:
    """Nothing by default. Raises Refusal for lines that are none and times before the footage."""

    vertical: str = ""                   # upright edges as "x1 y1 x2 y2 seconds" in px of the picture, ";" between
    upright_at_s: float | None = None    # when the first person stands upright
    floor_at_s: float | None = None      # when the lower foot of the first person is on the floor

    def __post_init__(self) -> None:
        self.vertical_lines()
        for name in ("upright_at_s", "floor_at_s"):
            time_s = getattr(self, name)
            if time_s is not None and not 0.0 <= time_s < math.inf:
                raise Refusal("bad-hint", f"The time {name} of {time_s:g} s is not in the footage.",
                              "Give seconds from the first picture of the footage.")  # fmt: skip

    def vertical_lines(self) -> tuple[VerticalLine, ...]:
        """The lines of `vertical`, in their order."""
        return tuple(_line(part) for part in self.vertical.split(";") if part.strip())


def _line(text: str) -> VerticalLine:
    try:
        x1, y1, x2, y2, time_s = (float(word) for word in text.split())
    except ValueError:
        raise _refused(text, "is not five numbers") from None
    if not all(map(math.isfinite, (x1, y1, x2, y2, time_s))) or time_s < 0.0:
        raise _refused(text, "has a number that is no place or time in the footage")
    if math.hypot(x2 - x1, y2 - y1) < _SHORTEST_PX:
        raise _refused(text, f"is shorter than {_SHORTEST_PX:g} px")
    return VerticalLine((x1, y1), (x2, y2), time_s)


def _refused(text: str, problem: str) -> Refusal:
    return Refusal("bad-hint", f"The vertical line \"{' '.join(text.split())[:40]}\" {problem}.",
                   "Give x1 y1 x2 y2 in px and the time in seconds, such as \"410 80 402 900 2.5\".")  # fmt: skip
