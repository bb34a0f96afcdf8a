"""Times as the command line says them."""

from __future__ import annotations

import pytest

from backend.command_line.time_words import clock, time_left


@pytest.mark.parametrize("seconds, words", [(0.0, "0:00"), (59.6, "1:00"), (3599.7, "1:00:00"), (36000.0, "10:00:00")])
def test_the_clock(seconds, words) -> None:
    assert clock(seconds) == words


def test_the_time_left_is_that_of_the_rest_at_the_same_speed() -> None:
    assert time_left(100.0, 401, 1604) == "5:00 left"
    assert time_left(7200.0, 1, 3) == "4:00:00 left"


@pytest.mark.parametrize("spent_s, done, of", [(1.9, 5, 10), (60.0, 0, 10), (60.0, 5, 0)])
def test_nothing_is_said_of_what_cannot_be_known(spent_s, done, of) -> None:
    assert time_left(spent_s, done, of) == ""
