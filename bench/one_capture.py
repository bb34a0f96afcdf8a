"""`python -m bench.one_capture FILM FOLDER`: one capture in a process of its own, what it took as JSON."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backend.job.run import run_job
from bench.peak_memory import peak_mb
from motion.job import Failure, Request, Result
from motion.refusal import Refusal

WARM_S = 0.2    # of the film are captured before the clock starts, so that all is loaded


def main() -> dict[str, Any]:
    """As Blender asks for it. The whole ends with the motion files; the preview is drawn when they are written."""
    parser = argparse.ArgumentParser()
    parser.add_argument("film", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--settings", type=json.loads, default={}, help="JSON of what differs from the defaults")
    parser.add_argument("--preview", action="store_true", help="draw it too")
    options = parser.parse_args()
    _capture(options.film, options.folder / "warm", {**options.settings, "video": {"out_s": WARM_S}}, options.preview)
    began_s = time.perf_counter()
    result = _capture(options.film, options.folder / "timed", options.settings, options.preview)
    whole_s = time.perf_counter() - began_s - result.stages_s.get("preview", 0.0)
    return {"stages_s": result.stages_s, "whole_s": whole_s, "peak_mb": peak_mb(), "frames": result.people[0].frames,
            "people": len(result.people)}  # fmt: skip


def _capture(film: Path, job: Path, settings: Mapping[str, Any], preview: bool) -> Result:
    """Raises Refusal where the capture fails."""
    job.mkdir()
    Request((str(film.absolute()),), dict(settings), preview).write(job)
    outcome = run_job(job)
    if isinstance(outcome, Failure):
        raise Refusal(outcome.code, outcome.sentence, outcome.mend)
    return outcome


if __name__ == "__main__":
    print(json.dumps(main()))
