"""A batch as its footage and its folder tell it when they are looked at. Knows nothing of Blender."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ...motion import job
from ...motion.batch.find_takes import AUTO, find_takes
from ...motion.batch.words import (
    BATCH,
    CANCELLED,
    DONE,
    FAILED,
    REPORT,
    STATES,
    TABLE,
    WAITING,
    WORKING,
    BatchTable,
    TakeRow,
    WantedTake,
    read_batch,
    read_table,
)
from ...motion.refusal import Refusal
from .. import backend_process


@dataclass(frozen=True)
class Places:
    """Where the footage of a batch is and where its takes go."""

    source: Path | None   # a folder or a list; None: the batch's folder says what the takes are
    folder: Path          # of the batch
    cameras: str = AUTO   # which clips of a folder are of one take, as find_takes reads it


@dataclass(frozen=True)
class Seen:
    """A batch at the last look. Nothing here asks the disk again."""

    places: Places
    wanted: tuple[WantedTake, ...] = ()   # the takes of the footage
    no_footage: str = ""       # why there are none: a sentence and what to do
    broken: str = ""           # the same of a batch that ended otherwise than it should
    table: BatchTable | None = field(default=None, compare=False)   # the next says whether it is another one
    table_written_ns: int = 0
    before_ns: int = 0         # when the table of the run before the one that goes on was written
    runs: bool = False
    is_there: bool = False     # the batch's folder
    has_report: bool = False

    @cached_property
    def rows(self) -> Mapping[str, TakeRow]:
        """The footage's takes in their order, then others that the batch has made, by name."""
        told = {row.name: row for row in self.table.takes} if self.table is not None else {}
        rows = {take.name: told.get(take.name, TakeRow(take.name, take.clips)) for take in self.wanted} | told
        return rows if self.runs else {name: _at_rest(row) for name, row in rows.items()}

    @property
    def says(self) -> BatchTable | None:
        """What the run that goes on says, None before its first word: the table is that of the run before then."""
        return self.table if self.runs and self.table_written_ns != self.before_ns else None

    @cached_property
    def share(self) -> float:
        """How much of the batch that runs is behind us, 0..1."""
        return self.says.share if self.says is not None else 0.0

    @cached_property
    def in_words(self) -> str:
        """Such as "5 takes: 3 done, 1 failed, 1 waiting"."""
        states = (DONE, FAILED, WORKING, CANCELLED, WAITING)
        parts = [f"{self.counts[state]} {STATES[state].lower()}" for state in states if self.counts[state]]
        count = len(self.rows)
        return f"{count} take{'' if count == 1 else 's'}: {', '.join(parts)}" if count else "No takes"

    @cached_property
    def counts(self) -> Counter[str]:
        """Takes by state."""
        return Counter(row.state for row in self.rows.values())

    def job(self, name: str) -> Path:
        """The job folder of a take."""
        return self.places.folder / name


def _at_rest(row: TakeRow) -> TakeRow:
    """A take on which nobody works, whatever the table of a batch that broke off says."""
    return replace(row, state=CANCELLED) if row.state == WORKING else row


def found(places: Places, process_id: int | None = None, before_ns: int = 0) -> Seen:
    """Find the takes of the footage, and look at the batch; the last two are as in `looked_at` and `Seen`."""
    try:
        seen = Seen(places, tuple(_takes(places)), before_ns=before_ns)
    except Refusal as refusal:
        seen = Seen(places, no_footage=f"{refusal.sentence} {refusal.mend}", before_ns=before_ns)
    return looked_at(seen, process_id)


def _takes(places: Places) -> Sequence[WantedTake]:
    if places.source is not None:
        return find_takes(places.source, places.cameras)
    if not (places.folder / BATCH).is_file():
        raise Refusal("no-footage", f"{places.folder.name} holds no batch.", "Choose a folder of footage above it.")
    return read_batch(places.folder).takes


def looked_at(seen: Seen, process_id: int | None = None) -> Seen:
    """Look at the batch again, and read only what has changed.

    `process_id` is the backend's where this Blender has started it. Whether it runs is asked before the table is read,
    so that the table of one that has ended is its last word.
    """
    folder = seen.places.folder
    runs = (process_id is not None and backend_process.is_alive(process_id)) or backend_process.is_locked(folder)
    written_ns = _written_ns(folder / TABLE)
    table = seen.table if written_ns == seen.table_written_ns else read_table(folder)
    is_of_this_run = process_id is None or written_ns != seen.before_ns
    broken = "" if runs else _why_it_ended(folder, table, is_of_this_run, process_id)
    again = replace(seen, broken=broken, table=table, table_written_ns=written_ns, runs=runs,
                    is_there=folder.is_dir(), has_report=(folder / REPORT).is_file())  # fmt: skip
    if again == seen:
        return seen
    _ = again.share, again.in_words   # counted here, since a panel that is drawn has no time
    return again


def _written_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _why_it_ended(folder: Path, table: BatchTable | None, is_of_this_run: bool, process_id: int | None) -> str:
    """Empty for a batch that has ended well or never began; takes that failed are told by the table."""
    if is_of_this_run and (table is None or not table.running):
        return ""
    code = backend_process.exit_code(process_id) if process_id is not None else None
    if code == job.USER_CAN_MEND and (word := backend_process.last_word(folder)):
        return word
    if code not in (None, job.DONE, job.CANCELLED):
        return f"The batch ended too early (exit code {code}). Press Start Batch to go on; the log says more."
    if is_of_this_run:
        return "The batch broke off. Press Start Batch to go on: what is finished is kept."
    return ""
