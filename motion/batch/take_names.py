"""Names of takes: folder names that hold on Windows, macOS and Linux, unique, and the same from run to run."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..file_names import portable_name, same_somewhere
from ..job import CANCEL, LOCK
from .words import BATCH, BATCH_LOG, REPORT, REPORT_CSV, TABLE, WantedTake

LONGEST_BYTES = 80       # Windows allows 260 letters for a whole path, and files lie below the take
PARTS = "parts"          # folder of a batch's folder that is no take's, see backend/command_line/batch.py
_OURS = {name.casefold() for name in (BATCH, TABLE, BATCH_LOG, REPORT, REPORT_CSV, CANCEL, LOCK, PARTS)}


@dataclass(frozen=True)
class Draft:
    """A take that has no name of its own yet."""

    names: tuple[str, ...]   # to try, each saying more than the one before
    clips: tuple[str, ...]   # whole paths


def named(drafts: Sequence[Draft], folder: str) -> list[WantedTake]:
    """The takes with their names, which depend on where their clips lie below `folder` and not on where that lies.

    Those that would have the same name, in whatever case, all say more: it does not matter which was found first.
    """
    tries = [0] * len(drafts)
    while True:
        names = [safe_name(draft.names[at]) for draft, at in zip(drafts, tries, strict=True)]
        counts = Counter(map(same_somewhere, names))
        doubled = [index for index, name in enumerate(names) if counts[same_somewhere(name)] > 1]
        more = [index for index in doubled if tries[index] + 1 < len(drafts[index].names)]
        if not more:
            break
        for index in more:
            tries[index] += 1
    for index in doubled:
        names[index] = f"{names[index]}_{_digest(drafts[index].clips, folder)}"
    return [WantedTake(name, draft.clips) for name, draft in zip(names, drafts, strict=True)]


def _digest(clips: Sequence[str], folder: str) -> str:
    places = "\n".join(_place(clip, folder) for clip in clips)
    return hashlib.sha256(places.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _place(clip: str, folder: str) -> str:
    with contextlib.suppress(ValueError):   # on another drive
        clip = os.path.relpath(clip, folder)
    return clip.replace(os.sep, "/")


def safe_name(text: str) -> str:
    """The text as the name of a folder that every system takes, and that nothing else in a batch's folder has."""
    clean = portable_name(text, LONGEST_BYTES) or "take"
    return f"_{clean}" if clean.casefold() in _OURS else clean
