"""What a batch leaves behind that is not wanted: half-written files, locks, temporary folders."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from backend.job.lock import locked
from backend.job.run import WRITING
from motion.job import CANCEL, LOCK
from motion.refusal import Refusal

HALF_WRITTEN = ("*.tmp", ".*.tmp", WRITING, CANCEL)


@contextlib.contextmanager
def own_temporary(folder: Path) -> Iterator[Path]:
    """A folder for what we and all processes that we start keep for a while, so that what they leave can be seen."""
    folder.mkdir()
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    said = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        if said is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = said


def left_behind(batch: Path, temporary: Path) -> list[str]:
    """By their places below the folders."""
    half = sorted({path for pattern in HALF_WRITTEN for path in batch.rglob(pattern)})
    held = [path.parent for path in sorted(batch.rglob(LOCK)) if path.stat().st_size or _is_held(path.parent)]
    return [*(f"half-written {path.relative_to(batch)}" for path in half),
            *(f"locked {job.relative_to(batch)}" for job in held),
            *(f"temporary {path.name}" for path in sorted(temporary.iterdir()))]  # fmt: skip


def _is_held(job: Path) -> bool:
    try:
        with locked(job):
            return False
    except Refusal:
        return True
