"""Where the user's backend is, by the preferences of this extension."""

from __future__ import annotations

from pathlib import Path

import bpy

from ..motion.job import read_object
from ..motion.places import environment_folder, environment_python

_STAMP = "mambocap.json"   # names the parts of an environment that are whole
EXTENSION = __package__.rpartition(".")[0]   # bl_ext.<repository>.mambocap in Blender


def preferences() -> bpy.types.AddonPreferences | None:
    """Our preferences; None only where the code runs without being enabled as an extension."""
    addon = bpy.context.preferences.addons.get(EXTENSION)
    return addon.preferences if addon is not None else None


def backend_folder() -> Path:
    """The backend's environment, whether it is there or not."""
    own = preferences()
    chosen = own.backend_folder if own is not None else ""
    return Path(bpy.path.abspath(chosen)) if chosen else environment_folder("backend")


def backend_python() -> Path:
    """The interpreter that runs the backend, whether it is there or not."""
    return environment_python(backend_folder())


def is_installed() -> bool:
    """Whether the backend's environment is there and whole; a folder of the user's own is taken at its word."""
    folder = backend_folder()
    own = folder != environment_folder("backend")
    return environment_python(folder).exists() and (own or _is_whole(folder))


def _is_whole(folder: Path) -> bool:
    """False while an installation goes on, and after one that broke off."""
    parts = (read_object(folder / _STAMP) or {}).get("parts")
    return isinstance(parts, dict) and "backend" in parts
