"""The table of contents: Clip → Detections → Tracks → Lift → Hypotheses → World → Motion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from backend.body.actor import bodies_of, keep_actor
from backend.cameras.camera_path import CameraPath
from backend.cameras.find_camera_paths import by_shot, find_camera_paths
from backend.cameras.focal import focal_px, guess_in_words, intrinsics
from backend.cameras.path_file import with_lens_of_file
from backend.cameras.path_in_words import paths_in_words
from backend.detect.detections import Detections
from backend.detect.find_people import find_people
from backend.detect.live_picture import LivePicture
from backend.device import choose_device
from backend.hypotheses.hypotheses import Hypotheses, hypotheses_of
from backend.hypotheses.in_world import with_hypotheses
from backend.job import cache_keys
from backend.job.cache import Cache
from backend.job.watch import Watch
from backend.lift.lift_track import lift_track
from backend.settings import Settings
from backend.track.doubts import doubts
from backend.track.follow import everybody
from backend.track.sampling import within_shot
from backend.track.tracks import Track
from backend.video.clip import Clip
from backend.world.place import place_shots
from motion.body import Body
from motion.motion import Motion
from motion.refusal import Refusal


@dataclass(frozen=True)
class Person:
    """What a capture makes of one person."""

    motion: Motion
    body: Body
    track: Track


@dataclass(frozen=True)
class Cast:
    """Who is in a take, and whom the user's edits leave out."""

    people: list[Person]
    left_out: list[Track]
    cameras: Mapping[int, CameraPath]   # by shot


def capture(
    clip: Clip, settings: Settings, actors: Path | None, watch: Watch, cache: Cache, live: LivePicture
) -> Cast:
    """All people of a clip, those who fill most of it first. Raises Refusal when there is nobody, or Cancelled."""
    with watch.stage("detect") as report:
        (detections,) = cache.kept(
            "detect", Detections, cache_keys.of_detections(clip, settings),
            lambda: [find_people(clip, settings.detect, report, live, choose_device(settings.device))],
        )  # fmt: skip
    with watch.stage("track"):
        found = cache.kept("track", Track, cache_keys.of_tracks(clip, settings),
                           lambda: everybody(detections, clip, settings.track))  # fmt: skip
        if not found:
            raise Refusal("no-person", f"No person was found in {clip.path.name}.",
                          "Choose a clip in which the body is visible from head to foot.")  # fmt: skip
        for sentence in doubts([track for track in found if not track.left_out]):
            watch.warn(sentence)
        found = [within_shot(track, detections) for track in found]
        tracks = [track for track in found if not track.left_out]
    with watch.stage("camera") as report:
        lens = with_lens_of_file(settings.camera, clip)
        K = intrinsics(clip, lens)
        if guess := guess_in_words(clip, lens):
            watch.warn(guess)
        lens_known = focal_px(clip, lens)[1] != "guess"
        paths = cache.kept("camera", CameraPath, cache_keys.of_cameras(clip, settings),
                           lambda: list(find_camera_paths(clip, detections, tracks, K, settings.camera,
                                                          report).values()))  # fmt: skip
        for sentence in paths_in_words(paths, clip):
            watch.warn(sentence)
        cameras = by_shot(paths, detections)
    with watch.stage("lift"):
        bodies = bodies_of(tracks, K, settings.body, actors)
        lifts = [lift_track(track, body, K, settings.lift, choose_device(settings.device), cameras[track.shot])
                 for track, body in zip(tracks, bodies, strict=True)]  # fmt: skip
        keep_actor(lifts[0].body, settings.body, actors)
    others: list[Hypotheses] = []
    if settings.asks_for_hypotheses:
        with watch.stage("hypotheses"):
            others = [hypotheses_of(lift, settings.hypotheses, choose_device(settings.device)) for lift in lifts]
            lifts = [each.main for each in others]
    with watch.stage("world"):
        placed = place_shots(lifts, clip, cameras, settings.world,
                             first_is_known=settings.body.names_somebody, lens_known=lens_known)  # fmt: skip
        if others:
            placed = [replace(each, motion=with_hypotheses(each, other, settings.world.clean_up))
                      for each, other in zip(placed, others, strict=True)]  # fmt: skip
    people = [Person(each.motion, each.lift.body, each.lift.track) for each in placed]
    return Cast(people, [track for track in found if track.left_out], cameras)
