"""When a batch is done: told from how fast it went, whatever was there before it began."""

import pytest

from backend.batch.time_left import UNKNOWN, left_s
from motion.batch.words import CANCELLED, DONE, FAILED, WAITING, WORKING, TakeRow


def row(state: str = WAITING, done: int = 0, of: int = 0) -> TakeRow:
    return TakeRow("a", state=state, done=done, of=of)


def test_takes_that_were_there_before_say_nothing_of_speed():
    before = [row(DONE)] * 90 + [row()] * 10
    now = [row(DONE)] * 90 + [row(DONE, 150, 150)] * 2 + [row(WORKING, 50, 150)] + [row()] * 7
    assert left_s(before, now, 70.0) == pytest.approx(70.0 * (100 + 7 * 150) / 350)


def test_takes_that_nobody_opened_are_taken_for_usual_ones():
    before = [row()] * 4
    now = [row(DONE, 100, 100), row(DONE, 300, 300), row(), row()]
    assert left_s(before, now, 20.0) == pytest.approx(20.0)


def test_what_failed_or_was_stopped_is_no_work_that_is_left():
    before = [row()] * 3
    now = [row(DONE, 100, 100), row(FAILED, 20, 100), row(CANCELLED)]
    assert left_s(before, now, 20.0) == 0.0


def test_early_on_nothing_is_told():
    before = [row()] * 3
    assert left_s(before, before, 9.0) == UNKNOWN
    assert left_s(before, [row(FAILED), row(), row()], 9.0) == UNKNOWN
    assert left_s(before, [row(WORKING, 20, 100), row(), row()], 9.0) == UNKNOWN
    assert left_s(before, [row(WORKING, 40, 100), row(), row()], 9.0) == pytest.approx(9.0 * 260 / 40)
