"""`python -m bench.captures_in_a_row CLIP FOLDER COUNT`: captures in one process, as a batch's worker makes them.

Prints a line of JSON after each: how it ended, what its motion is, and what the process holds by then.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import os
import shutil
import sys
import threading
from pathlib import Path

from backend.job.run import run_job
from bench.reliability_trial import QUICK_SETTINGS
from motion.job import MOTION, Failure, Request

STATUS, FORGET_PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")   # of Linux
MOST_HANDLES = 4096


def main(clip: Path, folder: Path, count: int) -> None:
    for _ in range(count):
        print(json.dumps(_one(clip, folder / "take")), flush=True)


def _one(clip: Path, job: Path) -> dict[str, object]:
    with contextlib.suppress(OSError):
        FORGET_PEAK.write_text("5")
    job.mkdir()
    Request((str(clip),), QUICK_SETTINGS, preview=False).write(job)
    outcome = run_job(job)
    motion = job / f"person_00/{MOTION}"
    digest = hashlib.sha256(motion.read_bytes()).hexdigest() if motion.exists() else ""
    shutil.rmtree(job)
    gc.collect()
    said = f"{outcome.sentence} {outcome.mend}" if isinstance(outcome, Failure) else ""
    return {"failure": said, "motion": digest, "rss_mb": _megabytes("VmRSS"), "peak_mb": _megabytes("VmHWM"),
            "handles": _handles(), "threads": threading.active_count(), "children": _children()}  # fmt: skip


def _megabytes(name: str) -> float | None:
    """As the system counts it; None where it does not say."""
    if not STATUS.exists():
        return None
    lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{name}:"))


def _handles() -> int:
    """Open files, sockets and pipes."""
    found = 0
    for number in range(MOST_HANDLES):
        with contextlib.suppress(OSError):
            os.fstat(number)
            found += 1
    return found


def _children() -> int:
    """Processes that were started and are not gone, on Linux."""
    tasks = Path("/proc/self/task")
    return sum(len((task / "children").read_text().split()) for task in tasks.glob("*")) if tasks.exists() else 0


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]), int(sys.argv[3]))
