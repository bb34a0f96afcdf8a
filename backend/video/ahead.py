"""Doing the next work while the last is still being used."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Generator, Iterator
from typing import TypeVar, cast

from backend.threads import threads

T = TypeVar("T")

_END = object()
WAIT_S = 0.05   # how soon the thread notices that nobody listens any more


def ahead(items: Generator[T, None, None], depth: int) -> Iterator[T]:
    """The same items in the same order, made by a thread that stays at most `depth` ahead.

    Errors of `items` are raised here, after the items before them. The thread ends with the iterator: when it is
    exhausted, closed, or dropped by a consumer that raises. A process that works with one thread makes each item when
    it is asked for.
    """
    if threads() == 1:
        with contextlib.closing(items):
            yield from items
        return
    waiting: queue.Queue[object] = queue.Queue(depth)
    stop = threading.Event()
    thread = threading.Thread(target=_fill, args=(items, waiting, stop), name="ahead", daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not _END:
            if isinstance(item, _Failure):
                raise item.error
            yield cast(T, item)
    finally:
        stop.set()
        thread.join()


class _Failure:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def _fill(items: Generator[T, None, None], waiting: queue.Queue[object], stop: threading.Event) -> None:
    try:
        # Closing here ends decoders in the thread that ran them.
        with contextlib.closing(items):
            for item in items:
                if not _put(item, waiting, stop):
                    return
        _put(_END, waiting, stop)
    except BaseException as error:
        _put(_Failure(error), waiting, stop)


def _put(item: object, waiting: queue.Queue[object], stop: threading.Event) -> bool:
    """Hand `item` over; False when nobody waits for it any more."""
    while not stop.is_set():
        with contextlib.suppress(queue.Full):
            waiting.put(item, timeout=WAIT_S)
            return True
    return False
