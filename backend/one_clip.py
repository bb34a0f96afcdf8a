"""The stages that every clip of a take goes through by itself: people, camera, lift."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backend.body.actor import bodies_of
from backend.cameras.camera_path import CameraPath
from backend.cameras.find_camera_paths import by_shot, find_camera_paths
from backend.cameras.focal import focal_px, guess_in_words, intrinsics
from backend.cameras.path_file import with_lens_of_file
from backend.cameras.path_in_words import paths_in_words
from backend.detect.detections import Detections
from backend.detect.detector import Detector, open_detector
from backend.detect.find_people import find_people_in
from backend.detect.live_picture import LivePicture
from backend.detect.segments import Segment, joined
from backend.device import choose_device
from backend.job import cache_keys
from backend.job.cache import Cache
from backend.job.cache_keys import Key
from backend.job.watch import Watch
from backend.lift.lift import Lift
from backend.lift.lift_track import lift_track
from backend.multiview.known.undistort import undistorted_track
from backend.progress import Report, part_of
from backend.settings import Settings
from backend.track.doubts import doubts
from backend.track.follow import everybody
from backend.track.sampling import within_shot
from backend.track.tracks import Track
from backend.video.clip import Clip
from motion.arrays import Array


@dataclass(frozen=True, eq=False)
class Work:
    """What all stages of one capture share."""

    actors: Path | None   # folder of known actors
    watch: Watch
    cache: Cache
    live: LivePicture | None   # None: nobody watches


@dataclass(frozen=True, eq=False)
class Lens:
    """As a calibration says it."""

    K: Array            # [3, 3] px of the clip
    distortion: Array   # [n] in OpenCV's order
    fisheye: bool


@dataclass(frozen=True, eq=False)
class Footage:
    """A clip and the settings that hold for it."""

    clip: Clip
    settings: Settings
    lens: Lens | None = None

    @property
    def name(self) -> str:
        return self.clip.path.name

    def open_detector(self) -> Detector:
        """Raises Refusal for a model that is missing or damaged."""
        return open_detector(self.clip, self.settings.detect, choose_device(self.settings.device))


@dataclass(frozen=True, eq=False)
class Filmed:
    """Who is seen in a clip, and how its camera moved."""

    footage: Footage
    found: list[Track]                  # everybody, also whom the user's edits leave out
    K: Array                            # [3, 3] px
    lens_known: bool                    # the focal length is no guess
    cameras: Mapping[int, CameraPath]   # by shot

    @property
    def tracks(self) -> list[Track]:
        """The people of the take."""
        return taking_part(self.found)


def taking_part(found: Sequence[Track]) -> list[Track]:
    return [track for track in found if not track.left_out]


def detected(footage: Footage, work: Work, report: Report, beside: Sequence[Footage] = ()) -> Detections:
    """Everybody in every picture. What was kept of the clips `beside` this one stays."""
    keys, staying = _keys(footage), [key for each in beside for key in _keys(each).values()]
    opened = functools.cache(footage.open_detector)
    lengths = [each.end_look - each.first_look for each in keys]
    parts = [_kept(segment, footage, opened, work, part_of(report, lengths, number), keys, staying)
             for number, segment in enumerate(keys)]  # fmt: skip
    return joined(parts, list(keys), footage.clip.times_s)


def detected_in(
    segment: Segment, footage: Footage, opened: Callable[[], Detector], work: Work, report: Report,
    beside: Sequence[Footage] = (),
) -> Detections:  # fmt: skip
    """Everybody in the pictures that one segment of a clip looks at."""
    staying = [key for each in beside for key in _keys(each).values()]
    return _kept(segment, footage, opened, work, report, _keys(footage), staying)


def _kept(
    segment: Segment, footage: Footage, opened: Callable[[], Detector], work: Work, report: Report,
    keys: Mapping[Segment, Key], beside: Sequence[Key],
) -> Detections:  # fmt: skip
    (detections,) = work.cache.kept(
        "detect", Detections, keys[segment],
        lambda: [find_people_in(segment, footage.clip, footage.settings.detect, opened(), report, work.live)],
        [*keys.values(), *beside],
    )  # fmt: skip
    return detections


def _keys(footage: Footage) -> dict[Segment, Key]:
    return cache_keys.of_segments(footage.clip, footage.settings)


def tracked(footage: Footage, detections: Detections, work: Work, beside: Sequence[Footage] = ()) -> list[Track]:
    """Everybody over time, each within their shot; nobody where nobody was found."""
    clip, settings = footage.clip, footage.settings
    found = work.cache.kept(
        "track", Track, cache_keys.of_tracks(clip, settings), lambda: everybody(detections, clip, settings.track),
        [cache_keys.of_tracks(other.clip, other.settings) for other in beside],
    )  # fmt: skip
    whose = f"{footage.name}: " if beside else ""
    for sentence in doubts(taking_part(found)):
        work.watch.warn(whose + sentence)
    return [within_shot(track, detections) for track in found]


def filmed(
    footage: Footage, detections: Detections, found: list[Track], work: Work, report: Report,
    beside: Sequence[Footage] = (),
) -> Filmed:  # fmt: skip
    """How the camera moved, through the lens that the user, a calibration or the file tells, else a usual one."""
    clip, settings = footage.clip, footage.settings
    lens = with_lens_of_file(settings.camera, clip)
    K = footage.lens.K if footage.lens else intrinsics(clip, lens)
    if not beside and (guess := guess_in_words(clip, lens)):
        work.watch.warn(guess)
    paths = work.cache.kept(
        "camera", CameraPath, _camera_key(footage),
        lambda: list(find_camera_paths(clip, detections, taking_part(found), K, settings.camera, report).values()),
        [_camera_key(other) for other in beside],
    )  # fmt: skip
    for sentence in paths_in_words(paths, clip):
        work.watch.warn(sentence)
    lens_known = footage.lens is not None or focal_px(clip, lens)[1] != "guess"
    return Filmed(footage, [_undistorted(track, footage.lens) for track in found], K, lens_known,
                  by_shot(paths, detections))  # fmt: skip


def lifted(view: Filmed, tracks: Sequence[Track], work: Work) -> list[Lift]:
    """Some of the people of a clip as bodies before its camera. The user's word of a body is of the first of them."""
    settings = view.footage.settings
    device = choose_device(settings.device)
    bodies = bodies_of(list(tracks), view.K, settings.body, work.actors)
    return [lift_track(track, body, view.K, settings.lift, device, view.cameras[track.shot])
            for track, body in zip(tracks, bodies, strict=True)]  # fmt: skip


def _camera_key(footage: Footage) -> Key:
    key = cache_keys.of_cameras(footage.clip, footage.settings)
    return (*key, np.asarray(footage.lens.K).tolist()) if footage.lens else key


def _undistorted(track: Track, lens: Lens | None) -> Track:
    return undistorted_track(track, lens.K, lens.distortion, lens.fisheye) if lens else track
