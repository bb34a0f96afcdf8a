"""Files as two machines compare them: by path, size and time."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """A file. Times are in microseconds, which all file systems keep."""

    path: str         # whole
    size: int         # bytes
    changed_us: int   # since the epoch


def entry_of(path: Path) -> Entry:
    about = path.stat()
    return Entry(str(path), about.st_size, about.st_mtime_ns // 1000)


def entries_under(folder: Path) -> list[Entry]:
    """All files in a folder and its folders, but hidden ones, which are being written."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                with contextlib.suppress(FileNotFoundError):   # gone since
                    found.append(entry_of(Path(place, name)))
    return found
