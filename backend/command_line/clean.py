"""Deleting what captures keep so that they start again faster; their results stay."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from backend.job.lock import locked
from motion.job import CACHE, DONE, LIVE_PICTURE, REQUEST
from motion.places import jobs_folder
from motion.refusal import Refusal
from motion.whole_files import remove


def clean(jobs: Sequence[Path]) -> int:
    """Delete the caches of these job folders (none: of all in the user's data folder) and print how much it was.

    Raises Refusal for a folder that is none.
    """
    for folder in jobs:
        if not (folder / REQUEST).exists():
            raise Refusal("no-job", f"{folder} is no job folder.", "Choose a folder that a capture has written.")
    home = jobs_folder()
    folders = list(jobs) or sorted(path.parent for path in home.glob(f"*/{REQUEST}"))
    freed, busy = 0, 0
    for folder in folders:
        try:
            freed += _clean_one(folder)
        except Refusal:
            busy += 1
    left = f", {busy} left alone because a capture runs there or they may not be changed" if busy else ""
    print(f"{freed / 1e6:.1f} MB deleted from {len(folders) - busy} captures{left}.")
    return DONE


def _clean_one(folder: Path) -> int:
    """Bytes that were deleted from one job folder."""
    with locked(folder):
        waste = [path for path in (*(folder / CACHE).glob("*.npz"), folder / LIVE_PICTURE) if path.is_file()]
        freed = sum(path.stat().st_size for path in waste)
        for path in waste:
            remove(path)
        shutil.rmtree(folder / CACHE, ignore_errors=True)
        return freed
