"""`python -m backend run JOB`: the process that Blender starts."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from backend.job.run import exit_code, run_job
from motion.job import Failure


def run(job: Path, mock: str | None, parent: int | None) -> int:
    """Work on a job folder; returns the exit code. A polite end of the process counts as the wish to cancel."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if parent is not None:
        from backend.job.parent_process import stop_with

        stop_with(parent, stop)
    work = None
    if mock is not None:
        from backend.job.mock import SCRIPTS

        work = SCRIPTS[mock]
    outcome = run_job(job, work, stop=stop)
    if isinstance(outcome, Failure):
        print(f"{outcome.sentence} {outcome.mend}", file=sys.stderr)
    return exit_code(outcome)
