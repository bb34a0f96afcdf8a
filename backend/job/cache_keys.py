"""What the kept output of a stage was made from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from backend.detect.detector import HAND_MODEL
from backend.detect.models.model_files import find_model
from backend.job.cache import code_digest
from backend.settings import Settings
from backend.versions import versions
from backend.video.clip import Clip


def of_detections(clip: Clip, settings: Settings) -> tuple[Any, ...]:
    """Footage and how it is read, what looks at it, and the code between. Raises Refusal for a missing model."""
    names = [settings.detect.model, *([HAND_MODEL] if settings.detect.hands else [])]
    models = [_file_digest(find_model(name)) for name in names]
    return clip.sha256, settings.video, settings.detect, models, versions(), code_digest("video", "detect")


def of_tracks(clip: Clip, settings: Settings) -> tuple[Any, ...]:
    return (*of_detections(clip, settings), settings.track, code_digest("track"))


def _file_digest(path: Path) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
