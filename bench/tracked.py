"""Films up to the lift: people and the camera's path, as the product finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.cameras.camera_path import CameraPath
from backend.cameras.find_camera_paths import by_shot, find_camera_paths
from backend.detect.detections import Detections
from backend.detect.find_people import find_people
from backend.detect.live_picture import LivePicture
from backend.device import choose_device
from backend.job import cache_keys
from backend.job.cache import Cache, code_digest
from backend.progress import silent
from backend.settings import Settings
from backend.track.follow import everybody
from backend.track.sampling import within_shot
from backend.track.tracks import Track
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from motion.arrays import Array
from motion.places import home


@dataclass(frozen=True, eq=False)
class Tracked:
    """A film, the people found in it, and the camera of each shot by its number."""

    clip: Clip
    tracks: list[Track]
    cameras: Mapping[int, CameraPath]


def kept_tracks(name: str, film: Path, K: Array) -> Tracked:
    """Detections and camera paths are kept in the user's data folder, under a name, until film or code change.

    K [3, 3] px of the upright picture, the same with every call.
    """
    clip, detections, tracks = kept_people(name, film)
    settings = Settings()
    inputs = (*cache_keys.of_tracks(clip, settings), K.tolist(), code_digest("cameras"))
    paths = _cache(name, film).kept(
        "bench_camera", CameraPath, inputs,
        lambda: list(find_camera_paths(clip, detections, tracks, K, settings.camera, silent).values()),
    )  # fmt: skip
    return Tracked(clip, tracks, by_shot(paths, detections))


def kept_people(name: str, film: Path) -> tuple[Clip, Detections, list[Track]]:
    """The same of films whose cameras need not be found."""
    cache, settings, clip = _cache(name, film), Settings(), open_clip(film, VideoSettings())
    live = LivePicture(_folder(name, film) / "live.jpg")
    (detections,) = cache.kept(
        "detect", Detections, cache_keys.of_detections(clip, settings),
        lambda: [find_people(clip, settings.detect, silent, live, choose_device("auto"))],
    )  # fmt: skip
    found = cache.kept("track", Track, cache_keys.of_tracks(clip, settings),
                       lambda: everybody(detections, clip, settings.track))  # fmt: skip
    return clip, detections, [within_shot(track, detections) for track in found if not track.left_out]


def _cache(name: str, film: Path) -> Cache:
    return Cache(_folder(name, film) / "cache")


def _folder(name: str, film: Path) -> Path:
    folder = home() / "bench" / name / film.stem
    folder.mkdir(parents=True, exist_ok=True)
    return folder
