"""A night's results beside those of the captures one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.batch_night import Night
from motion.batch.words import DONE, FAILED, TakeRow, WantedTake, read_table
from motion.job import MOTION, read_failure, read_result
from motion.refusal import Refusal

OURS_TO_MEND = ("bug", "worker-lost")   # codes of failures that are no word about a clip


@dataclass(frozen=True)
class Compared:
    """Counts of clips; those of a take of two cameras count both."""

    identical: int                 # good ones, of whose people every motion file has the same bytes
    lost: int                      # good ones of which there is no motion
    failed_with_sentence: int      # broken ones that the table says the same about as their capture
    differing: tuple[str, ...] = field(default=())   # takes by name, and in what


def check_truth(truth: Path, night: Night) -> None:
    """Raises Refusal for a night whose good takes cannot all be captured, or of which a broken one can."""
    for take in night.takes:
        failure = read_failure(truth / take.name)
        is_good = take.name not in night.broken
        if is_good and (failure or not motions(truth / take.name)):
            why = failure.sentence if failure else "It has no people."
            raise Refusal("bad-night", f"{take.name} is to be a good take, and its capture fails: {why}",
                          "Choose another --seed.")  # fmt: skip
        if not is_good and (failure is None or failure.code in OURS_TO_MEND or not failure.mend):
            raise Refusal("bad-night", f"{take.name} is to be a broken take, and has no sentence.",
                          "Choose another --seed.")  # fmt: skip


def compared(batch: Path, truth: Path, night: Night) -> Compared:
    """The results and the table in a batch's folder beside the captures in `truth`."""
    table = read_table(batch)
    rows = {row.name: row for row in table.takes} if table else {}
    there = [take for take in night.good if _is_there(rows.get(take.name), batch / take.name)]
    same = [take for take in there if motions(batch / take.name) == motions(truth / take.name)]
    said = [name for name in night.broken if _is_said(rows.get(name), truth / name)]
    differing = [f"{take.name} is not there: {_said(rows.get(take.name))}" for take in night.good if take not in there]
    differing += [f"{take.name} differs" for take in there if take not in same]
    differing += [f"{name} is said to be: {_said(rows.get(name))}" for name in sorted(night.broken - set(said))]
    return Compared(_clips(same), night.good_clips - _clips(there), len(said), tuple(differing))


def motions(job: Path) -> dict[str, bytes]:
    """The motion files of a job by the names of their folders, one a person."""
    return {path.parent.name: path.read_bytes() for path in job.glob(f"person_*/{MOTION}")}


def _is_there(row: TakeRow | None, job: Path) -> bool:
    return row is not None and row.state == DONE and read_result(job) is not None and bool(motions(job))


def _is_said(row: TakeRow | None, truth: Path) -> bool:
    failure = read_failure(truth)
    return row is not None and failure is not None and (row.state, row.sentence, row.mend) == (
        FAILED, failure.sentence, failure.mend)  # fmt: skip


def _said(row: TakeRow | None) -> str:
    return f"{row.state} {row.sentence}".strip() if row else "not in the table"


def _clips(takes: Sequence[WantedTake]) -> int:
    return sum(len(take.clips) for take in takes)
