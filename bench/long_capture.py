"""`python -m bench.long_capture FILM FOLDER SETTINGS`: one capture in a process of its own, with its preview.

Prints as JSON what it took: seconds, frames, and the most memory until each stage ended.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backend.job.run import run_job
from bench.peak_memory import peak_mb
from motion.job import Event, Failure, Request
from motion.refusal import Refusal


def main(film: Path, job: Path, settings: Mapping[str, Any]) -> dict[str, Any]:
    """SETTINGS are what differs from the defaults."""
    until_mb: dict[str, float] = {}

    def listen(event: Event) -> None:
        until_mb[event.stage] = peak_mb()

    job.mkdir()
    Request((str(film),), dict(settings), preview=True).write(job)
    began_s = time.perf_counter()
    outcome = run_job(job, listener=listen)
    if isinstance(outcome, Failure):
        raise Refusal(outcome.code, outcome.sentence, outcome.mend)
    peaks_mb = {**until_mb, list(until_mb)[-1]: peak_mb()}   # the last one ends when all is done
    return {"seconds": time.perf_counter() - began_s, "frames": outcome.people[0].frames, "peak_mb": peak_mb(),
            "stages_s": outcome.stages_s, "peaks_mb": peaks_mb, "preview": bool(outcome.preview)}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))))
