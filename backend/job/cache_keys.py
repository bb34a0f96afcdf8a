"""What the kept output of a stage was made from."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from pathlib import Path
from typing import Any

from backend.detect import detector
from backend.detect.find_people import segments_to_look_at
from backend.detect.segments import Segment
from backend.job.cache import code_digest
from backend.settings import Settings
from backend.versions import versions
from backend.video.clip import Clip

Key = tuple[Any, ...]
_code = functools.cache(code_digest)    # every stage asks, and what runs is what was read when the process began


def of_detections(clip: Clip, settings: Settings) -> Key:
    """Footage and how it is read, what looks at it, and the code between. Raises Refusal for a missing model."""
    looked_with = detector.digests(clip, settings.detect)
    return clip.sha256, settings.video, settings.detect, looked_with, versions(), _code("video", "detect")


def of_segments(clip: Clip, settings: Settings) -> dict[Segment, Key]:
    """Of each segment of a clip, in their order."""
    of_clip = of_detections(clip, settings)
    return {segment: (*of_clip, segment) for segment in segments_to_look_at(clip, settings.detect)}


def of_tracks(clip: Clip, settings: Settings) -> Key:
    return (*of_detections(clip, settings), settings.track, _code("track"))


def of_cameras(clip: Clip, settings: Settings) -> Key:
    """The tracks tell where the background is; a file of a solved camera counts by its bytes."""
    return (*of_tracks(clip, settings), settings.camera, _bytes_digest(settings.camera.path_file),
            _code("cameras"))  # fmt: skip


def _bytes_digest(file: str) -> str:
    """Empty for no file, and for one that cannot be read, of which its reader says more."""
    with contextlib.suppress(OSError):
        return hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""
    return ""
