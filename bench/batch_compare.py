"""A night's results beside those of the captures one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.batch_night import Night
from motion.batch.words import DONE, FAILED, TakeRow, read_table
from motion.job import MOTION, read_failure, read_result
from motion.refusal import Refusal

OURS_TO_MEND = ("bug", "worker-lost")   # codes of failures that are no word about a clip


@dataclass(frozen=True)
class Compared:
    """What is not as in the captures."""

    lost: tuple[str, ...] = ()             # good takes of which there is no motion
    differing: tuple[str, ...] = ()        # good takes that are there, and of which a motion file has other bytes
    said_otherwise: tuple[str, ...] = ()   # broken takes of which the table does not say what their capture said
    words: tuple[str, ...] = ()            # about each of them

    @property
    def takes(self) -> frozenset[str]:
        """All of them."""
        return frozenset(self.lost + self.differing + self.said_otherwise)


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
    lost = [take.name for take in night.good if not _is_there(rows.get(take.name), batch / take.name)]
    differing = [take.name for take in night.good
                 if take.name not in lost and motions(batch / take.name) != motions(truth / take.name)]  # fmt: skip
    otherwise = [name for name in sorted(night.broken) if not _is_said(rows.get(name), truth / name)]
    words = [*(f"{name} is not there: {_said(rows.get(name))}" for name in lost),
             *(f"{name} differs" for name in differing),
             *(f"{name} is said to be: {_said(rows.get(name))}" for name in otherwise)]  # fmt: skip
    return Compared(tuple(lost), tuple(differing), tuple(otherwise), tuple(words))


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
