"""Which rows of a whole batch are made here: all of them, or those of one of several processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Part:
    """Rows first..last - 1 of the `whole` rows of a batch."""

    first: int
    last: int
    whole: int

    @classmethod
    def of(cls, rows: int, number: int = 0, count: int = 1) -> Part:
        """The rows of process `number` of `count`: as many as the others have, or one more."""
        return cls(rows * number // count, rows * (number + 1) // count, rows)

    @property
    def rows(self) -> int:
        return self.last - self.first

    def drawn(self, draw: Callable[[Sequence[int]], Tensor], shape: Sequence[int], axis: int = 0) -> Tensor:
        """What `draw` gives for the whole batch, cut to these rows: every part draws all and keeps its own.

        `shape` is that of the part, with its rows along `axis`; each may come several times, one after the other.
        Raises ValueError for a shape of other rows.
        """
        times = shape[axis] // self.rows if self.rows else 1
        if shape[axis] != times * self.rows:
            raise ValueError(f"{shape[axis]} rows along axis {axis} are none of a part of {self.rows}")
        everybody = draw([*shape[:axis], times * self.whole, *shape[axis + 1 :]])
        return everybody.narrow(axis, times * self.first, times * self.rows)
