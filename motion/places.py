"""Where Mambocap keeps what outlives a capture: environments, models, actors, jobs. Standard library only."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def home() -> Path:
    """The user's data folder of Mambocap; the environment variable MAMBOCAP_HOME overrides it."""
    if chosen := os.environ.get("MAMBOCAP_HOME"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "Mambocap"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/Mambocap"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "mambocap"


def models_folder() -> Path:
    return home() / "models"


def actors_folder() -> Path:
    return home() / "actors"


def jobs_folder() -> Path:
    return home() / "jobs"


def environment_folder(name: str) -> Path:
    """A virtual environment of ours, such as "backend" or "bpy-4.2.23"."""
    return home() / "environments" / name


def environment_python(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def python_of(name: str) -> Path:
    """The interpreter of the environment of ours that is called so."""
    return environment_python(environment_folder(name))
