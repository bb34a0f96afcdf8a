"""A process of its own that runs a job of two kept stages, slowly, so that it can be killed in the middle."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backend.job.cache import Cache
from backend.job.run import exit_code, run_job
from backend.job.watch import Watch
from motion.arrays import Array
from motion.job import CACHE, Request, Result

STEPS, STEP_S = 100, 0.05


@dataclass(frozen=True, eq=False)
class Found:
    """What the stages of this take hand on."""

    places: Array
    name: str


def slow_take(job: Path, request: Request, watch: Watch) -> Result:
    """Quick detection, then a lift of five seconds; both are written down in `made` when they are really done."""
    cache = Cache(job / CACHE)

    def found(stage: str) -> list[Found]:
        with open(job / "made", "a") as stream:
            stream.write(stage + "\n")
        return [Found(np.arange(6.0).reshape(2, 3), stage)]

    with watch.stage("detect"):
        cache.kept("detect", Found, (request.clips,), lambda: found("detect"))
    with watch.stage("lift") as report:
        for step in range(STEPS if request.settings.get("slow", True) else 1):
            time.sleep(STEP_S)
            report(step + 1, STEPS, 1)
        cache.kept("lift", Found, (request.clips,), lambda: found("lift"))
    return Result((), "", watch.stages_s)


if __name__ == "__main__":
    sys.exit(exit_code(run_job(Path(sys.argv[1]), slow_take)))
