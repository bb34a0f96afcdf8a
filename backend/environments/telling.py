"""How an installation tells how far it is: lines for people, or JSON lines for the add-on."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import IO, Callable

QUIET_S = 5.0  # between two lines of one stage where lines cannot be overwritten


@dataclass(frozen=True)
class Step:
    """One thing worth telling. `stage`: prepare, download, install, try, models, done, failed."""

    stage: str
    message: str
    done: int = 0
    of: int = 0  # 0 where the whole is not known
    bytes: int = 0  # received in this stage


Tell = Callable[[Step], None]


def json_lines(stream: IO[str]) -> Tell:
    """One JSON object a line: stage, message, done, of, bytes."""

    def tell(step: Step) -> None:
        stream.write(json.dumps(asdict(step)) + "\n")
        stream.flush()

    return tell


class Lines:
    """A line per stage for people; a terminal sees it grow, a file gets one every few seconds."""

    def __init__(self, stream: IO[str] = sys.stderr) -> None:
        self.stream = stream
        self.live = stream.isatty()
        self.last = ("", "")
        self.words = ""
        self.told_at = 0.0
        self.open_line = False

    def __call__(self, step: Step) -> None:
        same = self.last == (step.stage, step.message)
        words = _words(step)
        if words == self.words or (same and not self.live and time.monotonic() - self.told_at < QUIET_S):
            return
        self.words = words
        self.last, self.told_at = (step.stage, step.message), time.monotonic()
        if self.open_line and not same:
            self.stream.write("\n")
        self.open_line = self.live
        self.stream.write(f"\r\x1b[K{words}" if self.live else words + "\n")
        self.stream.flush()

    def close(self) -> None:
        """End a line that is still growing."""
        if self.open_line:
            self.stream.write("\n")
            self.stream.flush()
            self.open_line = False


def end_line(tell: Tell) -> None:
    """Before somebody else writes to the screen."""
    if isinstance(tell, Lines):
        tell.close()


def _words(step: Step) -> str:
    if not step.of:
        return step.message
    return f"{step.message} ({step.done} of {step.of}{' MB' if step.stage == 'download' else ''})"
