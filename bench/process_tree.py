"""The processes that we started, and all that they started, also those whose parents died meanwhile."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Sequence
from importlib import import_module
from types import TracebackType
from typing import Any

LOOK_EVERY_S = 0.25
LONGEST_WORDS = 160     # of a command line


def psutil_of_ray() -> Any:
    """The module psutil as Ray brings it, which can be imported when Ray was."""
    import_module("ray")
    return import_module("psutil")


class ProcessTree:
    """Looks at descendants of this process while the block runs; those that are there before it do not count.

    A process that lives shorter than LOOK_EVERY_S may be missed.
    """

    def __init__(self) -> None:
        psutil = psutil_of_ray()
        self._psutil = psutil
        self._here = psutil.Process()
        self._cpu_s: dict[Any, float] = {}          # of each process, when it was looked at last
        self.peak_bytes = 0                         # resident, all together; what they share counts several times
        self._turn = threading.Lock()
        self._end = threading.Event()
        self._looking = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> ProcessTree:
        self._look()
        self._before = dict(self._cpu_s)
        self._looking.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end.set()
        self._looking.join()

    def cpu_s(self) -> float:
        """Of all of them since the block began, of those that were there before it too."""
        self._look()
        return sum(self._cpu_s.values()) - sum(self._before.values())

    def alive(self, patience_s: float, but: Sequence[str] = ()) -> tuple[str, ...]:
        """Those that still live after they had some time to end, by process id and command line.

        Those in whose command line is one of the words `but` may live.
        """
        until_s = time.monotonic() + patience_s
        while True:
            self._look()
            words = [self._words(each) for each in self._cpu_s if each not in self._before]
            living = tuple(each for each in words if each and not any(word in each for word in but))
            if not living or time.monotonic() > until_s:
                return tuple(each[:LONGEST_WORDS] for each in living)
            time.sleep(LOOK_EVERY_S)

    def _look_on(self) -> None:
        while not self._end.wait(LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        with self._turn, contextlib.suppress(self._psutil.Error):
            resident = 0
            for each in {*self._here.children(recursive=True), *self._cpu_s}:
                with contextlib.suppress(self._psutil.Error):
                    times = each.cpu_times()
                    self._cpu_s[each] = times.user + times.system
                    resident += each.memory_info().rss
            self.peak_bytes = max(self.peak_bytes, resident)

    def _words(self, process: Any) -> str:
        """Empty for a process that has ended."""
        with contextlib.suppress(self._psutil.Error):
            if process.is_running() and process.status() != self._psutil.STATUS_ZOMBIE:
                return f"{process.pid} {' '.join(process.cmdline()).strip() or process.name()}"
        return ""
