"""The commands that the backend's environment answers itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

from backend.environments.environment import is_ready
from commands.setup import BACKEND, ready_backend
from motion.places import environment_folder, environment_python
from motion.refusal import Refusal

ROOT = Path(__file__).resolve().parents[1]


def bench(argv: list[str]) -> int:
    """`build.py bench NAME`: print a table of measurements."""
    return subprocess.run([str(ready_backend()), "-m", "bench", *argv], cwd=ROOT).returncode


def doctor(argv: list[str]) -> int:
    """`build.py doctor`: what is here and what is missing. Installs nothing."""
    if not is_ready(BACKEND):
        raise Refusal("no-backend", f"The backend is not installed, or not wholly, in {environment_folder(BACKEND)}.",
                      "Run `python3 build.py setup`.")  # fmt: skip
    python = environment_python(environment_folder(BACKEND))
    return subprocess.run([str(python), "-m", "backend", "doctor", *argv], cwd=ROOT).returncode
