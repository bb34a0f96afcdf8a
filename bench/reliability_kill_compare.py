"""Whether two job folders hold the same take: every file, but what tells of the run and not of the take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np

from motion.job import EVENTS, LOG, PREVIEW, PROXY, RESULT

OF_THE_RUN = (EVENTS, LOG)
FILMS = (PREVIEW, PROXY)
TIMES = ("seconds", "frames_per_second", "stages_s")   # in results
ENCODERS_DOING = 1.0    # of 255, mean over a picture: two encodings of the same film may differ when threads must wait


def left_over(job: Path, truth: Path) -> list[str]:
    """Files that the take in `truth` does not have, by their places in the folder."""
    return sorted(path.as_posix() for path in _files(job) - _files(truth))


def differing(job: Path, truth: Path) -> list[str]:
    """Files of the take in `truth` that are missing in the job or hold something else."""
    return sorted(path.as_posix() for path in _files(truth)
                  if path.name not in OF_THE_RUN and not _alike(job / path, truth / path))  # fmt: skip


def _files(job: Path) -> set[Path]:
    return {path.relative_to(job) for path in job.rglob("*") if path.is_file()}


def _alike(path: Path, true: Path) -> bool:
    if not path.is_file():
        return False
    if path.read_bytes() == true.read_bytes():
        return True
    if path.name == RESULT:
        return _without_times(json.loads(path.read_text())) == _without_times(json.loads(true.read_text()))
    return path.name in FILMS and _same_film(path, true)


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_times(inner) for name, inner in value.items() if name not in TIMES}
    return [_without_times(each) for each in value] if isinstance(value, list) else value


def _same_film(path: Path, true: Path) -> bool:
    """As long and as large, and every picture shows the same."""
    try:
        shown, wanted = _pictures(path), _pictures(true)
    except av.FFmpegError:
        return False
    if shown.shape != wanted.shape:
        return False
    return bool(np.abs(shown - wanted).mean(axis=(1, 2)).max() < ENCODERS_DOING)


def _pictures(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.array([frame.to_ndarray(format="gray") for frame in container.decode(video=0)], dtype=np.int16)
