"""What the progress of countable work says."""

from __future__ import annotations

import io

from backend.command_line.count_line import CountLine, count_words


def test_the_time_left_is_told_when_it_can_be_known() -> None:
    assert count_words("Preparing", 3, 1604, 90.0) == "Preparing: 3 of 1,604"
    assert count_words("Preparing", 401, 1604, 100.0) == "Preparing: 401 of 1,604, 5:00 left"
    assert count_words("Preparing", 400, 1604, 1.0) == "Preparing: 400 of 1,604"


def test_without_a_screen_nothing_is_written_over() -> None:
    stream = io.StringIO()
    with CountLine(stream, "Preparing", 3) as line:
        line.show(1, "one")
    assert stream.getvalue() == ""
