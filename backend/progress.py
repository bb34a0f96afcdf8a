"""How a stage tells how far it is, and how it learns that it should stop."""

from __future__ import annotations

from typing import Callable

Report = Callable[[int, int, int], None]
"""report(done, of, people): called now and then by a stage; `of` is 0 where the whole is not known.

It may raise Cancelled, which a stage must let pass.
"""


class Cancelled(Exception):
    """The user asked to stop."""


def silent(done: int, of: int, people: int) -> None:
    """A Report for those who do not listen."""
