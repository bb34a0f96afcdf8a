"""Folders that hold what no capture has written, and that a capture would overwrite."""

from __future__ import annotations

from pathlib import Path

from motion.job import MOTION, PREVIEW, PROXY, REQUEST, RESULT, SCENE
from motion.refusal import Refusal


def check_folder(job: Path, mend: str) -> None:
    """Raises Refusal, with the mend, where results would replace files that no capture has written."""
    foreign = [name for name in (RESULT, PREVIEW, PROXY, SCENE, f"person_00/{MOTION}") if (job / name).exists()]
    if foreign and not (job / REQUEST).exists():
        raise Refusal("foreign-folder", f"{job} holds a {foreign[0]} that is not from a capture here.", mend)
