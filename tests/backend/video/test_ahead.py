"""Working ahead changes when things are made, and nothing else."""

from __future__ import annotations

import itertools
import threading
import time

import pytest

from backend import threads
from backend.video.ahead import ahead


@pytest.fixture
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_given", 1)


@pytest.fixture
def several_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also on a machine with one core."""
    monkeypatch.setattr(threads, "_given", 2)


@pytest.mark.parametrize("count", [1, 2])
def test_the_items_and_their_order_stay(monkeypatch, count):
    monkeypatch.setattr(threads, "_given", count)
    assert list(ahead((k for k in range(100)), depth=3)) == list(range(100))
    assert list(ahead((k for k in ()), depth=3)) == []


@pytest.mark.parametrize("count", [1, 2])
def test_an_error_comes_after_the_items_before_it(monkeypatch, count):
    monkeypatch.setattr(threads, "_given", count)

    def two_and_a_fault():
        yield from (1, 2)
        raise ValueError("third")

    seen = []
    with pytest.raises(ValueError, match="third"):
        for item in ahead(two_and_a_fault(), depth=3):
            seen.append(item)
    assert seen == [1, 2]


@pytest.mark.usefixtures("several_threads")
def test_it_stays_at_most_depth_and_one_ahead():
    made = []
    items = ahead((made.append(k) or k for k in itertools.count()), depth=3)
    next(items)
    time.sleep(0.2)
    assert len(made) <= 1 + 3 + 1
    items.close()


@pytest.mark.usefixtures("several_threads")
def test_making_and_using_overlap():
    started = time.perf_counter()
    for _ in ahead((time.sleep(0.02) for _ in range(20)), depth=3):
        time.sleep(0.02)
    assert time.perf_counter() - started < 20 * 0.04 * 0.8


@pytest.mark.parametrize("count", [1, 2])
def test_closing_ends_the_thread_and_closes_the_source(monkeypatch, count):
    monkeypatch.setattr(threads, "_given", count)
    closed = threading.Event()

    def endless():
        try:
            yield from itertools.count()
        finally:
            closed.set()

    before = threading.active_count()
    items = ahead(endless(), depth=2)
    assert next(items) == 0
    items.close()
    assert closed.is_set()
    assert threading.active_count() == before


@pytest.mark.usefixtures("one_thread")
def test_a_process_with_one_thread_makes_each_item_when_it_is_asked_for_and_starts_no_thread():
    made, before = [], threading.active_count()
    items = ahead((made.append(threading.current_thread()) or k for k in itertools.count()), depth=3)
    assert [next(items), next(items)] == [0, 1]
    assert made == 2 * [threading.current_thread()] and threading.active_count() == before
    items.close()
