"""What a batch says while it works."""

from __future__ import annotations

import io
from dataclasses import replace

from backend.command_line.batch_progress import BatchProgress, take_words, whole_words
from motion.batch.words import DONE, FAILED, WORKING, BatchTable, TakeRow

WALK = TakeRow("walk", state=DONE, people=2, frames=1240, grade="good")
JUMP = TakeRow("jump", state=FAILED, sentence="Nobody is to be seen.", mend="Film closer.")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_words_of_a_take() -> None:
    assert take_words(WALK) == "walk: done, 2 people, 1,240 frames, good"
    assert take_words(replace(WALK, note="1 of 2 cameras used")).endswith(", good, 1 of 2 cameras used")
    assert take_words(JUMP) == "jump: failed. Nobody is to be seen. Film closer."


def test_words_of_the_whole() -> None:
    half = TakeRow("sit", state=WORKING, done=50, of=100)
    table = BatchTable((WALK, JUMP, half, TakeRow("run")), left_s=3800.0, workers=4)
    assert whole_words(table) == "2 of 4 takes, 62 %, 1:03:20 left, 1 failed, 4 at a time"
    assert whole_words(BatchTable((TakeRow("run"),))) == "0 of 1 take, 0 %"


def test_each_end_is_told_once_and_what_was_there_before_is_counted() -> None:
    stream = io.StringIO()
    with BatchProgress(stream) as progress:
        for rows in ((WALK, TakeRow("jump")), (WALK, TakeRow("jump", state=WORKING)), (WALK, JUMP), (WALK, JUMP)):
            progress.show(BatchTable(rows))
    assert stream.getvalue() == "1 take is there already.\njump: failed. Nobody is to be seen. Film closer.\n"


def test_a_message_is_told_once() -> None:
    stream = io.StringIO()
    with BatchProgress(stream) as progress:
        for message in ("", "The cluster does not answer.", "The cluster does not answer.", ""):
            progress.show(BatchTable((TakeRow("walk"),), message=message))
    assert stream.getvalue() == "The cluster does not answer.\n"


def test_why_a_batch_has_ended_is_left_to_who_asked_for_it() -> None:
    stream = io.StringIO()
    with BatchProgress(stream) as progress:
        progress.show(BatchTable((TakeRow("walk"),)))
        progress.show(BatchTable((TakeRow("walk"),), running=False, message="The cluster does not answer."))
    assert stream.getvalue() == ""


def test_until_a_worker_says_something_they_are_starting() -> None:
    screen = Screen()
    begun = TakeRow("walk", state=WORKING, stage="open")
    with BatchProgress(screen) as progress:
        for row in (begun, replace(begun, of=100), begun):
            progress.show(BatchTable((row,)))
    told = screen.getvalue().split("\r\x1b[K")[1:-1]
    assert told == ["Starting the workers", "0 of 1 take, 0 %", "0 of 1 take, 0 %"]


def test_on_a_screen_one_line_is_written_over() -> None:
    screen = Screen()
    with BatchProgress(screen) as progress:
        progress.show(BatchTable((TakeRow("walk"), JUMP)))
        progress.show(BatchTable((WALK, JUMP)))
    *ends, last = screen.getvalue().split("\n")
    assert last.endswith("2 of 2 takes, 100 %, 1 failed\r\x1b[K")
    assert [line.rpartition("\x1b[K")[2] for line in ends] == [
        "1 take has failed before; --retry captures them again.", take_words(WALK)]  # fmt: skip
