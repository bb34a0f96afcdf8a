"""The code that every machine of a cluster runs: a copy of ours, so that all give the same numbers."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("backend", "motion", "assets")


@contextlib.contextmanager
def copied_code() -> Iterator[Path]:
    """A folder with what the backend needs of this checkout or extension and nothing else, for Ray to pack."""
    with tempfile.TemporaryDirectory(prefix="mambocap-code-") as scratch:
        for folder in FOLDERS:
            shutil.copytree(ROOT / folder, Path(scratch, folder), ignore=_left_out)
        yield Path(scratch)


def _left_out(folder: str, names: list[str]) -> set[str]:
    in_assets = Path(folder).is_relative_to(ROOT / "assets")   # the scripts that made them stay here
    return {name for name in names
            if name == "__pycache__" or name.startswith(".") or (in_assets and name.endswith(".py"))}  # fmt: skip
