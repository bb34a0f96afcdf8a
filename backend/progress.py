"""How a stage tells how far it is, and how it learns that it should stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

Report = Callable[[int, int, int], None]
"""report(done, of, people): called now and then by a stage; `of` is 0 where the whole is not known.

It may raise Cancelled, which a stage must let pass.
"""


class Cancelled(Exception):
    """The user asked to stop."""


def silent(done: int, of: int, people: int) -> None:
    """A Report for those who do not listen."""


def part_of(report: Report, sizes: Sequence[int], index: int) -> Report:
    """The Report for one of several parts of a stage, of which `sizes` say how much work each is."""
    before, own, whole = sum(sizes[:index]), sizes[index], sum(sizes)

    def of_part(done: int, of: int, people: int) -> None:
        report(before + round(own * min(done / of, 1.0)) if of else before, whole, people)

    return of_part
