"""Captures of films for benches, as the product makes them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.cameras.camera_path import CameraPath
from backend.detect.live_picture import LivePicture
from backend.job.cache import Cache
from backend.job.watch import Watch
from backend.lift.lift_track import LiftSettings
from backend.pipeline import Person, capture
from backend.settings import Settings
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from motion.places import home


@dataclass(frozen=True, eq=False)
class Captured:
    """A film and the people found in it, with the seconds that each stage took."""

    clip: Clip
    people: list[Person]
    cameras: Mapping[int, CameraPath]   # by shot
    stages_s: dict[str, float]


def captured(film: Path, folder: Path, settings: Settings | None = None) -> Captured:
    """Capture a film with a job folder of its own inside `folder`."""
    settings = settings or Settings()
    job = folder / film.stem
    job.mkdir(exist_ok=True)
    watch = Watch(job, None, threading.Event())
    with watch.stage("open"):
        clip = open_clip(film, settings.video)
    cast = capture(clip, settings, None, watch, Cache(job / "cache"), LivePicture(job / "live.jpg"))
    return Captured(clip, cast.people, cast.cameras, dict(watch.stages_s))


def kept_capture(name: str, film: Path, video: VideoSettings | None = None) -> Captured:
    """The same by the direct lift; detections and camera paths are kept in the user's data folder, under a name,
    until film or code change.
    """
    folder = home() / "bench" / name
    folder.mkdir(parents=True, exist_ok=True)
    return captured(film, folder, Settings(video=video or VideoSettings(), lift=LiftSettings(lifter="direct")))
