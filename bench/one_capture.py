"""`python -m bench.one_capture FILM FOLDER [SETTINGS]`: one capture in a process of its own, what it took as JSON.

SETTINGS are JSON of what differs from the defaults. There is no preview: it is drawn when the motion is written.
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
from motion.job import Failure, Request, Result
from motion.refusal import Refusal

WARM_S = 0.2    # of the film are captured before the clock starts, so that all is loaded


def main(film: Path, folder: Path, settings: Mapping[str, Any]) -> dict[str, Any]:
    """From film to motion files, as Blender asks for it."""
    _capture(film, folder / "warm", {**settings, "video": {"out_s": WARM_S}})
    began_s = time.perf_counter()
    result = _capture(film, folder / "timed", settings)
    whole_s = time.perf_counter() - began_s
    return {"stages_s": result.stages_s, "whole_s": whole_s, "peak_mb": peak_mb(), "frames": result.people[0].frames,
            "people": len(result.people)}  # fmt: skip


def _capture(film: Path, job: Path, settings: Mapping[str, Any]) -> Result:
    job.mkdir()
    Request((str(film.absolute()),), dict(settings), preview=False).write(job)
    outcome = run_job(job)
    if isinstance(outcome, Failure):
        raise Refusal(outcome.code, outcome.sentence, outcome.mend)
    return outcome


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3] if sys.argv[3:] else "{}"))))
