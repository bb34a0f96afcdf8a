"""`python -m bench.one_capture FILM FOLDER`: one capture in a process of its own, its seconds and memory as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from backend.detect.detector import DetectSettings
from backend.pipeline import Person
from backend.settings import Settings
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from bench.captures import captured
from motion.motion_file import write_motion


def main(film: Path, folder: Path) -> None:
    """Capture from film to motion files, process warm: the networks have seen a picture before the clock starts."""
    settings = replace(Settings(), detect=DetectSettings(hands=False))
    captured(film, _fresh(folder / "warm"), replace(settings, video=VideoSettings(out_s=0.2)))
    began_s = time.perf_counter()
    take = captured(film, _fresh(folder / "timed"), settings)
    stages_s = dict(take.stages_s)
    stages_s["write"] = _seconds(lambda: _write(take.people, folder))
    whole_s = time.perf_counter() - began_s
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stages_s["decode"] = _seconds(lambda: [None for _ in pictures(open_clip(film, VideoSettings()))])
    print(json.dumps({"stages_s": stages_s, "whole_s": whole_s, "peak_mb": peak_mb, "frames": take.clip.picture_count}))


def _write(people: list[Person], folder: Path) -> None:
    for number, person in enumerate(people):
        write_motion(folder / f"{number}.npz", person.motion)


def _seconds(work: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


def _fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
