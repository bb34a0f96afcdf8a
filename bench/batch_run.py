"""One run of a night, with all that is to be known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.batch_compare import Compared, compared
from bench.batch_left import left_behind, own_temporary
from bench.batch_night import Night
from bench.batch_ways import END_S, Ran
from bench.process_tree import ProcessTree


@dataclass(frozen=True)
class Death:
    """Of a cluster's worker node."""

    planned_share: float                     # of the work, at which it was to die
    at_s: float | None = None                # since the driver was started; None: the night was over before
    at_share: float = 0.0                    # of the work that was done then
    while_working_on: tuple[str, ...] = ()   # tasks that its processes were at, which were done again
    replaced_after_s: float | None = None    # by a fresh node; None: by nothing


@dataclass(frozen=True)
class Run:
    """A night that was done in some way."""

    way: str
    ran: Ran
    compared: Compared | None                # None of the captures themselves
    left: tuple[str, ...]                    # processes, files and locks
    death: Death | None = None

    def as_figures(self) -> dict[str, Any]:
        return {
            "way": self.way, "seconds": self.ran.seconds, "cpu_s": self.ran.cpu_s, "left": self.left,
            "compared": asdict(self.compared) if self.compared else None,
            "death": asdict(self.death) if self.death else None,
        }  # fmt: skip


def checked(way: str, folder: Path, truth: Path, night: Night, do: Callable[[Path], Ran]) -> Run:
    """Do a night in a new folder. `do` gets the batch's folder, for the captures `truth`; what it starts shall end."""
    folder.mkdir()
    with own_temporary(folder / "temporary") as temporary, ProcessTree() as tree:
        ran = do(folder / "batch")
        left = [*ran.alive, *tree.alive(END_S), *left_behind(ran.folder, temporary)]
    return Run(way, ran, None if ran.folder == truth else compared(ran.folder, truth, night), tuple(left))
