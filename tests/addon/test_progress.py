"""How far a capture is, from the events of its job folder alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from mambocap.addon.progress import SHARES, Watch, duration_words
from mambocap.motion.job import EVENTS, STAGES, Event


def watched(job: Path, *events: Event, with_preview: bool = True) -> Watch:
    with open(job / EVENTS, "a") as stream:
        stream.writelines(event.line() for event in events)
    watch = Watch(job, with_preview)
    watch.read_on()
    return watch


def test_every_stage_has_a_share():
    assert list(SHARES) == list(STAGES)


def test_an_even_pace_is_foretold(tmp_path):
    """A capture whose stages take their usual shares of 200 seconds."""
    second = 200.0 / sum(SHARES.values())
    began = SHARES["open"] * second
    for done in (10, 50, 90):
        now = began + done / 100 * SHARES["detect"] * second
        begin = Event("detect", seconds=began)
        watch = watched(tmp_path, Event("open"), begin, Event("detect", done, 100, seconds=now))
        assert watch.seconds_left == pytest.approx(200.0 - now)
        assert watch.share == pytest.approx(now / 200.0)


def test_time_before_a_resumed_stage_does_not_count(tmp_path):
    watch = watched(tmp_path, Event("detect", seconds=100.0), Event("detect", 50, 100, seconds=110.0))
    assert watch.seconds_left == pytest.approx(10.0 + 20.0 * (sum(SHARES.values()) - 70.0) / SHARES["detect"])


def test_without_a_preview_less_is_left(tmp_path):
    events = (Event("detect"), Event("detect", 50, 100, seconds=10.0))
    (tmp_path / "other").mkdir()
    without = watched(tmp_path, *events, with_preview=False)
    assert without.seconds_left < watched(tmp_path / "other", *events).seconds_left


def test_nothing_is_promised_while_nothing_is_known(tmp_path):
    watch = watched(tmp_path, Event("detect", 7, 0, 2, seconds=3.0))
    assert (watch.seconds_left, watch.count, watch.people) == (None, "", 2)
    assert (Watch(tmp_path / "none").share, Watch(tmp_path / "none").words) == (0.0, "Starting")


def test_a_half_written_event_waits_for_its_end(tmp_path):
    line = Event("lift", 3, 9).line()
    (tmp_path / EVENTS).write_text(line[:20])
    watch = Watch(tmp_path)
    assert not watch.read_on()
    (tmp_path / EVENTS).write_text(line)
    assert watch.read_on() and watch.count == "3 of 9"


def test_messages_are_kept_once_in_their_order(tmp_path):
    watch = watched(tmp_path, Event("open", message="A."), Event("open", message="A."), Event("lift", message="B."))
    assert watch.messages == ["A.", "B."]


@pytest.mark.parametrize("seconds, words", [
    (0.2, "1 s"), (44.4, "44 s"), (59.7, "1 min"), (150.0, "2 min"), (3599.0, "1 h 0 min"), (4800.0, "1 h 20 min"),
])  # fmt: skip
def test_durations_in_words(seconds, words):
    assert duration_words(seconds) == words


def test_of_several_clips_the_words_say_which(tmp_path):
    watch = watched(tmp_path, Event("detect", 30, 300, seconds=3.0, clip=2, clips=3))
    assert (watch.words, watch.count) == ("Finding people, clip 2 of 3", ""), "both do not fit into a sidebar"
