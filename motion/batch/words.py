"""The words that Blender, the command line and the backend exchange through a batch's folder, each said once.

A batch's folder holds `batch.json` (what is asked, written by whoever asks), `table.json` (how far each take is, as
the backend writes it while it works), `batch.log`, an optional empty file `cancel` (asks the backend to stop and is
taken away when obeyed), `lock`, for each take a job folder as in `motion/job.py` under the take's name, and in the end
`report.html` and `report.csv`. A batch that is run again goes on where it stopped: what is done stays done; the job
folder of a take that was begun and is not over holds an empty file `.unfinished`. Several parts of one batch, on
machines that share its folder, have folders of their own for all that is said here but the takes (`takes_folder`).
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..job import PROTOCOL_VERSION, check_protocol, read_all, read_object, write_json, write_wish
from ..refusal import Refusal

BATCH, TABLE, BATCH_LOG, REPORT, REPORT_CSV = "batch.json", "table.json", "batch.log", "report.html", "report.csv"
UNFINISHED = ".unfinished"   # hidden, as it says nothing to who only looks for results

WAITING, WORKING, DONE, FAILED, CANCELLED = "waiting", "working", "done", "failed", "cancelled"
STATES: dict[str, str] = {   # with the words for people
    WAITING: "Waiting", WORKING: "Working", DONE: "Done", FAILED: "Failed", CANCELLED: "Stopped",
}  # fmt: skip


@dataclass(frozen=True)
class WantedTake:
    """One take to capture: a clip, or several of cameras that filmed the same."""

    name: str                # of the take and of its job folder in the batch's
    clips: tuple[str, ...]   # whole paths, the first camera first


@dataclass(frozen=True)
class BatchRequest:
    """What a batch is asked to do. `settings` as in a capture's Request, the same for all takes."""

    takes: tuple[WantedTake, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    preview: bool = True
    retry: bool = False      # capture the failed ones again too, else only what is not done
    workers: int = 0         # takes and parts of takes at the same time; 0: as many as the machine can
    cluster: str = ""        # address of a Ray cluster, "auto" for the one that runs here; empty: this machine alone
    ship: bool = False       # the cluster's machines do not see this folder and the footage: send both
    actor_folder: str = ""
    takes_folder: str = ""   # where the takes' job folders are made; empty: in the batch's own folder
    protocol: int = PROTOCOL_VERSION

    def write(self, folder: Path) -> None:
        """Write `batch.json` into the batch's folder as write_wish() does."""
        write_wish(folder, BATCH, asdict(self))


@dataclass(frozen=True)
class TakeRow:
    """How far one take is."""

    name: str
    clips: tuple[str, ...] = ()
    state: str = WAITING     # one of STATES
    stage: str = ""          # while working: one of motion/job.py: STAGES
    done: int = 0            # of the pictures to look at,
    of: int = 0              # 0 where their number is not known
    people: int = 0          # in the take
    frames: int = 0          # of the longest motion
    grade: str = ""          # the worst quality card's
    seconds: float = 0.0     # of work, all its parts added, in this run or the run that made it
    sentence: str = ""       # of a failed take: what is wrong,
    mend: str = ""           # and what to do
    note: str = ""           # what to know of a take that is done, such as "1 of 2 cameras used"
    thumbnail: str = ""      # of the first person, relative to the folder of the takes; empty without one


@dataclass(frozen=True)
class BatchTable:
    """How far a batch is."""

    takes: tuple[TakeRow, ...]
    running: bool = True
    left_s: float = -1.0     # about, until all is done; below 0 while that is not known
    workers: int = 0
    where: str = ""          # for people: "this machine", or the cluster's machines
    message: str = ""        # one sentence, such as why nothing works just now

    @property
    def counts(self) -> Counter[str]:
        """Takes by state."""
        return Counter(row.state for row in self.takes)

    @property
    def share(self) -> float:
        """How much of the work is behind us, 0..1, by pictures where they are known."""
        return sum(map(share_of, self.takes)) / len(self.takes) if self.takes else 0.0

    def write(self, folder: Path) -> None:
        """Write `table.json`, whole or not at all. Raises Refusal when the folder cannot be written."""
        # asdict() copies every value, which takes longer than all the rest where there are thousands of takes.
        write_json(folder / TABLE, {**vars(self), "takes": [vars(row) for row in self.takes]})


def share_of(row: TakeRow) -> float:
    """How much of a take is behind us, 0..1."""
    if row.state in (DONE, FAILED):
        return 1.0
    # Compared first: quotients of damaged numbers may be beyond a float.
    return (1.0 if row.done >= row.of else max(row.done, 0) / row.of) if row.of > 0 else 0.0


def read_batch(folder: Path) -> BatchRequest:
    """The request of a batch's folder. Raises Refusal when it is missing, damaged or of a newer protocol."""
    value = read_object(folder / BATCH)
    if value is None:
        raise Refusal("no-batch", f"{folder} holds no readable {BATCH}.", "Start the batch again.")
    check_protocol(value)
    takes, settings = tuple(_wanted(value.get("takes"))), value.get("settings", {})
    texts = [value.get(name, "") for name in ("cluster", "actor_folder", "takes_folder")]
    if not takes or not isinstance(settings, dict) or not all(isinstance(text, str) for text in texts):
        raise Refusal("bad-batch", f"{BATCH} is damaged or names no takes.", "Start the batch again.")
    workers = value.get("workers", 0)
    return BatchRequest(
        takes, settings, value.get("preview", True) is not False, value.get("retry") is True,
        workers if isinstance(workers, int) and workers > 0 else 0, texts[0], value.get("ship") is True, *texts[1:],
    )  # fmt: skip


def read_table(folder: Path) -> BatchTable | None:
    """The table of a batch's folder, None without one; what is damaged in it is passed over."""
    value = read_object(folder / TABLE)
    if value is None:
        return None
    rows = tuple(row for row in read_all(TakeRow, value.get("takes")) if row.state in STATES)
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        return BatchTable(rows, value.get("running") is True, float(value.get("left_s", -1.0)),
                          int(value.get("workers", 0)), str(value.get("where", "")), str(value.get("message", "")))
    return BatchTable(rows)


def _wanted(values: Any) -> Iterator[WantedTake]:
    for value in values if isinstance(values, list) else []:
        clips = value.get("clips") if isinstance(value, dict) else None
        if clips and isinstance(clips, list) and all(isinstance(clip, str) and clip for clip in clips):
            yield WantedTake(str(value.get("name", "")), tuple(clips))
