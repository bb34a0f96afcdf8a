"""Reads from pip's lines how far it is."""

from __future__ import annotations

import os
import re
from typing import Callable

from backend.environments.telling import Step

MEGA = 1_000_000
_SIZE = re.compile(r"\((\d+(?:\.\d+)?) (bytes|kB|MB|GB)\)")
_UNITS = {"bytes": 1, "kB": 1000, "MB": MEGA, "GB": 1000 * MEGA}


class PipProgress:
    """Follows one run of pip line by line."""

    def __init__(self, expected_mb: int, received: int, installed_count: Callable[[], int]) -> None:
        self.expected_mb = expected_mb
        self.received = received  # bytes of the files that pip has begun with, the last one included
        self.file_from = received  # bytes before the file that is coming in
        self.installed_count = installed_count
        self.installed_before = 0
        self.to_install: list[str] = []

    def after(self, line: str) -> Step | None:
        """What to tell after this line of pip; an empty line stands for "nothing for a while"."""
        if line.startswith("Installing collected packages: "):
            self.to_install = line.partition(": ")[2].split(", ")
            self.installed_before = self.installed_count()
        if self.to_install:
            return self._unpacking()
        if line.startswith("Progress "):
            return self._fetching(self.file_from + int(line.split()[1]))
        if size := _file_size(line.strip()):
            self.file_from, self.received = self.received, self.received + size
            return self._fetching(self.file_from if "Downloading " in line else self.received)
        return None

    def _fetching(self, now: int) -> Step:
        done = min(now // MEGA, self.expected_mb)
        return Step("download", "Fetching packages", done, self.expected_mb, now)

    def _unpacking(self) -> Step:
        count = len(self.to_install)
        done = min(self.installed_count() - self.installed_before, count)
        what = f"{count} packages" if count > 1 else self.to_install[0]
        return Step("install", f"Unpacking {what}", done, count if count > 1 else 0)


def _file_size(line: str) -> int:
    """The bytes of the wheel that a line speaks of, 0 where it speaks of none."""
    if line.startswith(("Downloading ", "Using cached ")) and ".metadata" not in line:
        found = _SIZE.search(line)
        return int(float(found[1]) * _UNITS[found[2]]) if found else 0
    if line.startswith("Processing "):
        path = line.removeprefix("Processing ").partition(" (from ")[0]
        return os.path.getsize(path) if os.path.isfile(path) else 0
    return 0
