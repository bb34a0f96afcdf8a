"""Finds an interpreter of a wanted version on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator


def find_python(versions: tuple[str, ...]) -> Path | None:
    """An interpreter of one of the versions ("3.11"): the running one, else the newest that starts."""
    if version_of_this() in versions:
        return Path(sys.executable)
    for version in reversed(versions):
        for candidate in _candidates(version):
            if version_of(candidate) == version:
                return candidate
    return None


def version_of_this() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def version_of(python: Path) -> str:
    """The version such as "3.11", empty when the interpreter does not start."""
    command = [str(python), "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=30).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _candidates(version: str) -> Iterator[Path]:
    for name in (f"python{version}", "python3", "python"):
        if found := shutil.which(name):
            yield Path(found)
    if sys.platform == "win32":
        yield from Path(os.environ.get("LOCALAPPDATA", "")).glob(
            f"Programs/Python/Python{version.replace('.', '')}/python.exe"
        )
        return
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True)
