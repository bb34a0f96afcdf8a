"""A call in a thread of its own, whose answer a timer fetches: folders may be large and disks far away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Answer = TypeVar("Answer")


def in_background(call: Callable[[], Answer]) -> Future[Answer]:
    """The answer of `call`, which must not touch Blender, or what it raises, once it is there.

    A disk that never answers does not keep Blender from closing.
    """
    future: Future[Answer] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="Mambocap looks at a batch", daemon=True).start()
    return future
