"""Backends as real processes, and waiting for what they do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from motion.job import Event, read_events

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


def started(*arguments: str | Path, **more: str) -> subprocess.Popen[str]:
    """`python ARGUMENTS` in the project's folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    return subprocess.Popen([sys.executable, *map(str, arguments)], cwd=ROOT, env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


def finished(*arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The same, waited for."""
    process = started(*arguments, **more)
    out, err = process.communicate(timeout=PATIENCE_S)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def wait_for(happened: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < deadline_s, "waited in vain"
        time.sleep(0.02)


def wait_for_stage(job: Path, stage: str) -> None:
    """Until the job's events say that `stage` is going on."""
    wait_for(lambda: any(event.stage == stage and event.done for event in events(job)))


def events(job: Path) -> list[Event]:
    return read_events(job)[0]
