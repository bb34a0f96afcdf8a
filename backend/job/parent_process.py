"""Ending with the process that asked for the work, for those who want that."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator

LOOK_EVERY_S = 1.0
GRACE_S = 20.0   # a stage that does not hear the wish to stop in this time is cut off


def stop_with(parent: int, stop: threading.Event, grace_s: float = GRACE_S) -> None:
    """Set `stop` as soon as the process `parent` has ended, and end hard `grace_s` later if that did not help."""
    is_child = os.getppid() == parent

    def wait_and_stop() -> None:
        _wait_for_end(parent, is_child)
        stop.set()
        time.sleep(grace_s)
        os._exit(1)

    threading.Thread(target=wait_and_stop, daemon=True).start()


def lives(process: int) -> bool:
    """Whether a process with this number runs."""
    if sys.platform == "win32":
        with _opened_on_windows(process) as runs:
            return runs()
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def _wait_for_end(process: int, is_child: bool) -> None:
    """A child sees its parent's end even where a zombie keeps the number; Windows names a parent that is gone."""
    if sys.platform == "win32":
        with _opened_on_windows(process) as runs:   # no other process gets the number while it is open
            while runs():
                time.sleep(LOOK_EVERY_S)
        return
    while os.getppid() == process if is_child else lives(process):
        time.sleep(LOOK_EVERY_S)


@contextlib.contextmanager
def _opened_on_windows(process: int) -> Iterator[Callable[[], bool]]:
    """A function that says whether the process runs."""
    import ctypes

    may_wait, timed_out = 0x00100000, 258
    kernel = ctypes.windll.kernel32   # type: ignore[attr-defined]
    handle = kernel.OpenProcess(may_wait, False, process)
    try:
        yield lambda: bool(handle) and kernel.WaitForSingleObject(handle, 0) == timed_out
    finally:
        if handle:
            kernel.CloseHandle(handle)
