"""The commands that the backend's environment answers itself."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

from backend.command_line.names import BUILD, CALLED_AS
from backend.environments.environment import is_ready
from backend.install import ROOT
from commands.setup import BACKEND, ready_backend
from motion.places import environment_folder, python_of
from motion.refusal import Refusal


def call_module(python: Path, module: str, arguments: list[str], **how: Any) -> subprocess.CompletedProcess[str]:
    """Run a module of the checkout in the user's folder, so that the user's own relative paths hold.

    -P: what lies in that folder must not be imported. The module hears Ctrl+C too and ends in its own words.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", CALLED_AS: "build.py"}
    command = [str(python), "-P", "-m", module, *arguments]
    with subprocess.Popen(command, env=environment, encoding="utf-8", errors="replace", **how) as process:
        interrupted = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            out, err = process.communicate()
        finally:
            signal.signal(signal.SIGINT, interrupted)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def bench(argv: list[str]) -> int:
    """`build.py bench NAME`: print a table of measurements."""
    return call_module(ready_backend(), "bench", argv).returncode


def doctor(argv: list[str]) -> int:
    """`build.py doctor`: what is here and what is missing. Installs nothing."""
    if not is_ready(BACKEND):
        raise Refusal("no-backend", f"The backend is not installed, or not wholly, in {environment_folder(BACKEND)}.",
                      f"Run `{BUILD} setup`.")  # fmt: skip
    return call_module(python_of(BACKEND), BACKEND, ["doctor", *argv]).returncode
