"""Finds something that can run a script of ours with bpy: our own environment, or the user's Blender."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator

from backend.environments.environment import is_ready
from backend.environments.pins import blender_environments, read_pins
from backend.environments.pythons import find_python
from commands.setup import ready_python
from motion.places import python_of
from motion.refusal import Refusal

OLDEST_BLENDER = (4, 2)
# Blender gives a script its own sys.argv; this gives it the one that a plain Python would.
_RUN_SCRIPT = (
    "import runpy, sys; sys.argv = sys.argv[sys.argv.index('--') + 1:]; "
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


def script_command(script: Path, *arguments: str) -> list[str]:
    """The command that runs a script with bpy: in an environment of ours, the user's Blender, or a new environment."""
    for name in blender_environments():
        if is_ready(name):
            return [str(python_of(name)), str(script), *arguments]
    if blender := find_blender():
        return [str(blender), "--background", "--factory-startup", "--python-exit-code", "1",
                "--python-expr", _RUN_SCRIPT, "--", str(script), *arguments]  # fmt: skip
    return [str(ready_python(oldest_possible())), str(script), *arguments]


def oldest_possible() -> str:
    """The oldest bpy environment whose Python is here: what it writes, every newer Blender reads."""
    for name in blender_environments():
        if find_python(read_pins(name).pythons):
            return name
    raise Refusal("no-blender", "scene.blend needs Blender 4.2 or newer, or Python 3.11 for its module.",
                  "Install one of them and start again; the motion files are kept.")  # fmt: skip


def find_blender() -> Path | None:
    """The user's own Blender, new enough for us."""
    return next((program for program in _programs() if _version(program) >= OLDEST_BLENDER), None)


def _programs() -> Iterator[Path]:
    if found := shutil.which("blender"):
        yield Path(found)
    if sys.platform == "win32":
        folder = Path(os.environ.get("PROGRAMFILES", "C:/Program Files")) / "Blender Foundation"
        yield from sorted(folder.glob("Blender */blender.exe"), reverse=True)
    if sys.platform == "darwin":
        yield from sorted(Path("/Applications").glob("Blender*.app/Contents/MacOS/Blender"), reverse=True)


def _version(program: Path) -> tuple[int, int]:
    try:
        said = subprocess.run([str(program), "--version"], capture_output=True, text=True, errors="replace",
                              timeout=60).stdout  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return 0, 0
    found = re.search(r"Blender (\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)
