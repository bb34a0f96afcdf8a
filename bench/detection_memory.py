"""`python -m bench.detection_memory FILM`: the most memory that detection takes on a film, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from backend.detect.detector import DetectSettings
from backend.detect.find_people import find_people
from backend.progress import silent
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from bench.peak_memory import peak_mb

QUICK = {"model": "lite", "quality": "fast", "hands": False}    # in a fifth of the time


def main(film: Path) -> float:
    find_people(open_clip(film, VideoSettings()), DetectSettings(**QUICK), silent)
    return peak_mb()


if __name__ == "__main__":
    print(json.dumps({"peak_mb": main(Path(sys.argv[1]))}))
