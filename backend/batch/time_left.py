"""When a batch will be done, from how fast it went until now."""

from __future__ import annotations

from collections.abc import Sequence

from motion.batch.words import CANCELLED, DONE, FAILED, TakeRow

LEAST_SHARE = 0.1   # of the work, from which it is known well enough, where no take has gone the whole way yet
UNKNOWN = -1.0


def left_s(before: Sequence[TakeRow], rows: Sequence[TakeRow], spent_s: float) -> float:
    """About how many seconds of work are left after `spent_s`, which led from `before` to `rows`; UNKNOWN early on.

    The measure of work is pictures; a take that was not opened counts as one of the others' mean length.
    """
    lengths = [row.of for row in rows if row.of]
    if not lengths:
        return UNKNOWN
    usual = sum(lengths) / len(lengths)
    behind = sum(row.done - earlier.done for earlier, row in zip(before, rows, strict=True))
    ahead = sum((row.of or usual) - row.done for row in rows if row.state not in (DONE, FAILED, CANCELLED))
    made_one = any(row.state == DONE != earlier.state for earlier, row in zip(before, rows, strict=True))
    if behind <= 0 or not (made_one or behind >= LEAST_SHARE * (behind + ahead)):
        return UNKNOWN
    return spent_s * ahead / behind
