"""Ending with the process that asked for the work, for those who want that."""

from __future__ import annotations

import os
import sys
import threading
import time

LOOK_EVERY_S = 1.0
GRACE_S = 20.0   # a stage that does not hear the wish to stop in this time is cut off


def stop_with(parent: int, stop: threading.Event) -> None:
    """Set `stop` as soon as the process `parent` has ended, and end hard some seconds later if that did not help."""
    is_child = os.getppid() == parent

    def wait_and_stop() -> None:
        # A child sees its parent's end even where a zombie keeps the number alive.
        while os.getppid() == parent if is_child else lives(parent):
            time.sleep(LOOK_EVERY_S)
        stop.set()
        time.sleep(GRACE_S)
        os._exit(1)

    threading.Thread(target=wait_and_stop, daemon=True).start()


def lives(process: int) -> bool:
    """Whether a process with this number runs."""
    if sys.platform == "win32":
        return _lives_on_windows(process)
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def _lives_on_windows(process: int) -> bool:
    import ctypes

    may_wait, timed_out = 0x00100000, 258
    handle = ctypes.windll.kernel32.OpenProcess(may_wait, False, process)   # type: ignore[attr-defined]
    if not handle:
        return False
    state = ctypes.windll.kernel32.WaitForSingleObject(handle, 0)   # type: ignore[attr-defined]
    ctypes.windll.kernel32.CloseHandle(handle)   # type: ignore[attr-defined]
    return state == timed_out
