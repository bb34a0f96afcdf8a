"""What a run says while it works, and how it learns that it should stop."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from backend.progress import Cancelled, Report
from motion.job import CANCEL, EVENTS, Event
from motion.whole_files import unwritable

EVENT_EVERY_S = 0.2   # quick enough for a progress bar, and an hour leaves less than two megabytes

log = logging.getLogger(__name__)
Listener = Callable[[Event], None]


class Watch:
    """Appends the events of one run to its job folder, times its stages and looks for the wish to stop."""

    def __init__(self, job: Path, listener: Listener | None, stop: threading.Event) -> None:
        """Say at once that the run has begun; it ends when `stop` is set. Raises Refusal for an unwritable folder."""
        self.stages_s: dict[str, float] = {}
        self.warnings: list[str] = []
        self.current_stage = "open"
        self._job = job
        self._listener = listener
        self._stop = stop
        self._began_s = time.monotonic()
        self._said_s = -EVENT_EVERY_S
        self._clip = (0, 0)
        self._end_half_written_line()
        self.say("open")

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[Report]:
        """One stage of the work; the block gets the Report to hand on. Raises Cancelled on the wish to stop."""
        began_s = time.monotonic()
        self.current_stage = name
        self.say(name)
        self.stop_if_asked()
        yield self._report
        self.stages_s[name] = self.stages_s.get(name, 0.0) + time.monotonic() - began_s
        log.info("%s took %.2f s", name, self.stages_s[name])

    @contextlib.contextmanager
    def clip(self, number: int, count: int) -> Iterator[None]:
        """What is said in the block is of one clip, from 1, of several; of a single clip nothing needs to be said."""
        self._clip = (number, count) if count > 1 else (0, 0)
        try:
            yield
        finally:
            self._clip = (0, 0)

    def warn(self, sentence: str) -> None:
        """Tell the user something that does not stop the run."""
        log.warning("%s", sentence)
        self.warnings.append(sentence)
        self.say(self.current_stage, message=sentence)

    def warn_once(self, sentence: str) -> None:
        """The same, unless it was told before."""
        if sentence not in self.warnings:
            self.warn(sentence)

    def say(self, stage: str, done: int = 0, of: int = 0, people: int = 0, message: str = "") -> None:
        """Append one event now."""
        self._said_s = time.monotonic()
        event = Event(stage, done, of, people, message, round(self._said_s - self._began_s, 3),
                      *self._clip)  # fmt: skip
        self._append(event.line().encode())
        if self._listener is not None:
            self._listener(event)

    def stop_if_asked(self) -> None:
        if self._stop.is_set() or (self._job / CANCEL).exists():
            raise Cancelled

    def _report(self, done: int, of: int, people: int) -> None:
        is_last = of > 0 and done >= of
        if is_last or time.monotonic() - self._said_s >= EVENT_EVERY_S:
            self.say(self.current_stage, done, of, people)
            self.stop_if_asked()

    def _append(self, line: bytes) -> None:
        try:
            with open(self._job / EVENTS, "ab", buffering=0) as stream:
                stream.write(line)
        except OSError as error:
            raise unwritable(self._job / EVENTS, error) from error

    def _end_half_written_line(self) -> None:
        """A killed run may have stopped in the middle of a line; the next event must not be glued to it."""
        with contextlib.suppress(OSError), open(self._job / EVENTS, "rb") as stream:
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":
                self._append(b"\n")


class SilentWatch(Watch):
    """Of one part of a run that others do at the same time: hears the wish to stop, and writes no events.

    The listener hears nothing before the first stage.
    """

    def __init__(self, job: Path, listener: Listener | None, stop: threading.Event) -> None:
        super().__init__(job, None, stop)
        self._listener = listener

    def _append(self, line: bytes) -> None:
        pass
