"""Finds an interpreter of a wanted version on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator

HOMEBREW = ("/opt/homebrew/bin", "/usr/local/bin")
MACOS_INSTALLER = Path("/Library/Frameworks/Python.framework/Versions")


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
        return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=30).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _candidates(version: str) -> Iterator[Path]:
    for name in (f"python{version}", "python3", "python"):
        if found := shutil.which(name):
            yield Path(found)
    if sys.platform == "win32":
        yield from _candidates_on_windows(version)
        return
    if sys.platform == "darwin":   # what is started from the Finder has no PATH to them
        yield from (Path(folder, f"python{version}") for folder in HOMEBREW)
        yield MACOS_INSTALLER / version / f"bin/python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True)


def _candidates_on_windows(version: str) -> Iterator[Path]:
    """Where the installer puts Python, for this user and for everybody; it is not on the PATH unless one asks."""
    folder = f"Python{version.replace('.', '')}"
    for variable, inside in (("LOCALAPPDATA", f"Programs/Python/{folder}"), ("PROGRAMFILES", folder)):
        if place := os.environ.get(variable):
            yield Path(place, inside, "python.exe")
