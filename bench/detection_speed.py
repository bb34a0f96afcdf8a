"""`python -m bench.detection_speed WAY FILM`: seconds of one way on one film, in a process of its own, as JSON.

The bench runs it in turns with MediaPipe, so that what else the machine does falls on all alike.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench.data import ROOT

REPETITIONS = 3
BODY_ONLY = ("mediapipe_video", "best", "fast")
WITH_HANDS = ("best_hands", "fast_hands")


def seconds(film: Path) -> dict[str, float]:
    """The least seconds of each way over the repetitions: what disturbs a run can only lengthen it."""
    runs = [{way: _one_run(way, film) for way in (*BODY_ONLY, *WITH_HANDS)} for _ in range(REPETITIONS)]
    return {way: min(run[way] for run in runs) for way in runs[0]}


def ratios(seconds: dict[str, float], suffix: str = "") -> dict[str, float]:
    """MediaPipe's time, always of the body only, over ours."""
    return {quality: seconds["mediapipe_video"] / seconds[quality + suffix] for quality in ("best", "fast")}


def _one_run(way: str, film: Path) -> float:
    command = [sys.executable, "-m", "bench.detection_speed", way, str(film)]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(run.stdout.strip().splitlines()[-1])["seconds"]


def main(way: str, film: Path) -> None:
    from bench.detection_ways import WAYS, WAYS_WITH_HANDS, warm_seconds

    chosen = WAYS_WITH_HANDS[way.removesuffix("_hands")] if way.endswith("_hands") else WAYS[way]
    print(json.dumps({"seconds": warm_seconds(chosen, film, 1)[1]}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
