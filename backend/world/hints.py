"""What the artist says of the world: which edge is upright, when somebody stands upright, when on the floor."""

from __future__ import annotations

import math
from dataclasses import dataclass

from motion.refusal import Refusal

_TIMES = {"upright_at_s": "at which somebody stands upright", "floor_at_s": "at which somebody stands on the floor",
          "vertical": "of a vertical line"}  # fmt: skip
_LATE_S = 0.5           # a time may be rounded
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
                raise _outside(name, time_s, "before the take begins")

    def check_within(self, last_s: float) -> None:
        """Raises Refusal for a time behind the take's last picture."""
        said = {"upright_at_s": self.upright_at_s, "floor_at_s": self.floor_at_s}
        for name, time_s in [*said.items(), *(("vertical", line.time_s) for line in self.vertical_lines())]:
            if time_s is not None and time_s > last_s + _LATE_S:
                raise _outside(name, time_s, f"behind the end of the take at {last_s:.1f} s")

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


def _outside(name: str, time_s: float, where: str) -> Refusal:
    return Refusal("bad-hint", f"The time {_TIMES[name]}, {time_s:g} s, lies {where}.",
                   "Give seconds from the first picture of the take.")  # fmt: skip


def _refused(text: str, problem: str) -> Refusal:
    return Refusal("bad-hint", f"The vertical line \"{' '.join(text.split())[:40]}\" {problem}.",
                   "Give x1 y1 x2 y2 in px and the time in seconds, such as \"410 80 402 900 2.5\".")  # fmt: skip
