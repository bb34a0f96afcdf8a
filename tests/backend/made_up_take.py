"""Job folders in whose cache already lies what a perfect detector would find in the footage."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from backend.detect.detections import Detections
from backend.detect.detector import DEFAULT_MODEL, HAND_MODEL
from backend.job import cache_keys
from backend.job.cache import Cache
from backend.job.footages import of_another
from backend.job.run import run_job
from backend.settings import Settings, settings_from
from backend.track.tracks import Track
from backend.video.clip import Clip
from backend.video.open_clip import open_clip
from motion.body import read_open_body
from motion.job import CACHE, MOTION, Failure, Request, Result
from motion.motion import Motion
from motion.motion_file import read_motion

from .lift.made_up_track import reaching_and_stepping

SIZE = (480, 540)   # half of the made-up camera's
LANDMARK_ARRAYS = {"landmarks_px": (33, 2), "scores": (33,), "doubts_px": (33,), "landmarks_camera": (33, 3),
                   "hands_px": (2, 21, 2), "hands_camera": (2, 21, 3), "hand_scores": (2,)}  # fmt: skip


def home_without_networks(home: Path) -> Path:
    """A user's folder whose models no detector can open: who detects again there fails."""
    (home / "models").mkdir(parents=True)
    for name in (DEFAULT_MODEL, HAND_MODEL):
        (home / f"models/{name}.task").write_bytes(b"no model")
    return home


def somebody(frames: int, rate: Fraction = Fraction(30), right_px: float = 0.0, size: tuple[int, int] = SIZE) -> Track:
    """A person in a picture of `size` px, moved to the right."""
    track = reaching_and_stepping(frames=frames, rate=float(rate)).track
    return replace(track, landmarks_px=size[0] / (2 * SIZE[0]) * track.landmarks_px + [right_px, 0.0])


def detected(
    job: Path, film: Path, people: Sequence[Track], cuts: Sequence[int] = (), **settings: object
) -> None:
    """Put what a detector would find of these people, where they are seen, into the job's cache.

    `cuts` are the pictures with which a new shot begins.
    """
    shutil.rmtree(job / CACHE, ignore_errors=True)
    _keep(job, film, people, cuts, settings_from(settings))


def detected_by_each(
    job: Path, films: Mapping[Path, Sequence[Track]], cuts: Mapping[Path, Sequence[int]] | None = None,
    **settings: object,
) -> None:  # fmt: skip
    """The same of several films of one take, of which the first is the take's first clip."""
    shutil.rmtree(job / CACHE, ignore_errors=True)
    wanted = settings_from(settings)
    for number, (film, people) in enumerate(films.items()):
        own = wanted if number == 0 else of_another(wanted)
        _keep(job, film, people, (cuts or {}).get(film, ()), own, beside=films)


def _keep(job: Path, film: Path, people: Sequence[Track], cuts: Sequence[int], wanted: Settings,
          beside: Iterable[Path] = ()) -> None:  # fmt: skip
    clip = open_clip(film, wanted.video)
    found = _detections(clip, people, cuts)
    others = [_key(open_clip(each, wanted.video), wanted) for each in beside]
    Cache(job / CACHE).kept("detect", Detections, _key(clip, wanted), lambda: [found], others)


def _key(clip: Clip, wanted: Settings) -> cache_keys.Key:
    """Of the only segment; made-up films are short."""
    (key,) = cache_keys.of_segments(clip, wanted).values()
    return key


def _detections(clip: Clip, people: Sequence[Track], cuts: Sequence[int]) -> Detections:
    findings = [(picture, person) for picture, person in itertools.product(range(clip.picture_count), people)
                if person.seen[picture]]  # fmt: skip

    def of_all(name: str, *tail: int) -> np.ndarray:
        return np.array([getattr(person, name)[picture] for picture, person in findings]).reshape(-1, *tail)

    arrays = {name: of_all(name, *tail) for name, tail in LANDMARK_ARRAYS.items()}
    count = len(findings)
    return Detections(
        times_s=clip.times_s, shot=np.searchsorted(cuts, np.arange(clip.picture_count), side="right"),
        picture=np.array([picture for picture, _ in findings]),
        tracklet=np.array([[person is other for other in people].index(True) for _, person in findings]),
        colours=np.zeros((count, 1)),
        crops=np.zeros((count, 4)), masks=np.zeros((count, 64, 8)), detector="perfect", **arrays,
    )  # fmt: skip


def captured(
    job: Path, film: Path | Sequence[Path], preview: bool = False, actors: Path | None = None, **settings: object
) -> Result | Failure:
    films = [film] if isinstance(film, Path) else film
    Request(tuple(map(str, films)), settings, preview, str(actors or "")).write(job)
    return run_job(job)


def motion_in(job: Path, person: int = 0) -> Motion:
    return read_motion(job / f"person_{person:02d}" / MOTION, read_open_body().shaped(np.zeros(0)).skeleton)
