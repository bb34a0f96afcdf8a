"""Measuring in a process of its own: nothing that was loaded or filled before counts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.data import ROOT


def measured_apart(*arguments: str, python: Path | None = None) -> dict[str, Any]:
    """The JSON that a program of ours prints as its last line, such as `-m bench.one_capture FILM FOLDER`."""
    command = [str(python or sys.executable), *arguments]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(run.stdout.strip().splitlines()[-1])
