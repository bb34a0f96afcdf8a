"""How long an artist waits for the first sign of life: from starting the backend's process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.data import ROOT
from bench.looped_film import SAMPLE
from motion.job import EVENTS, Request

PATIENCE_S = 120.0
LOOK_EVERY_S = 0.01


def start_figures(folder: Path) -> dict[str, float | None]:
    """Seconds to the first event of progress, and to that which tells of the first picture; None where none came."""
    job = folder / "job"
    job.mkdir()
    Request((str(SAMPLE),)).write(job)
    began_s = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "backend", "run", str(job)], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        return {"first_event_s": _until(job, began_s, bool), "first_picture_s": _until(job, began_s, _has_picture)}
    finally:
        process.kill()
        process.wait()


def _until(job: Path, began_s: float, come: Callable[[Sequence[str]], bool]) -> float | None:
    while time.perf_counter() - began_s < PATIENCE_S:
        lines = (job / EVENTS).read_text(encoding="utf-8").splitlines() if (job / EVENTS).exists() else []
        if come(lines):
            return time.perf_counter() - began_s
        time.sleep(LOOK_EVERY_S)
    return None


def _has_picture(lines: Sequence[str]) -> bool:
    return any(json.loads(line)["done"] > 0 for line in lines if line.endswith("}"))
