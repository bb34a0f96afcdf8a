"""`python -m bench.detection_speed WAY FILM`: seconds of one way on one film, in a process of its own, as JSON.

The bench runs it in turns with MediaPipe, so that what else the machine does falls on all alike.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.own_process import measured_apart

REPETITIONS = 3
BODY_ONLY = ("mediapipe_video", "best", "fast")
WITH_HANDS = ("best_hands", "fast_hands")


def seconds(film: Path, repetitions: int = REPETITIONS) -> dict[str, float]:
    """The least seconds of each way over the repetitions: what disturbs a run can only lengthen it."""
    runs = [{way: _one_run(way, film) for way in (*BODY_ONLY, *WITH_HANDS)} for _ in range(repetitions)]
    return {way: min(run[way] for run in runs) for way in runs[0]}


def ratios(seconds: dict[str, float], suffix: str = "") -> dict[str, float]:
    """MediaPipe's time, always of the body only, over ours."""
    return {quality: seconds["mediapipe_video"] / seconds[quality + suffix] for quality in ("best", "fast")}


def _one_run(way: str, film: Path) -> float:
    return measured_apart("-m", "bench.detection_speed", way, str(film))["seconds"]


def main(way: str, film: Path) -> None:
    from bench.detection_ways import WAYS, WAYS_WITH_HANDS, warm_seconds

    chosen = WAYS_WITH_HANDS[way.removesuffix("_hands")] if way.endswith("_hands") else WAYS[way]
    print(json.dumps({"seconds": warm_seconds(chosen, film, 1)[1]}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
