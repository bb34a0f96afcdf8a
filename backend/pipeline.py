"""The table of contents: Clip → Detections → Tracks → Lift → Rig, of several clips → Hypotheses → World → Motion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backend.body.actor import keep_actor
from backend.cameras.camera_path import CameraPath
from backend.detect.live_picture import LivePicture
from backend.device import choose_device
from backend.hypotheses.hypotheses import Hypotheses, hypotheses_of
from backend.hypotheses.in_world import with_hypotheses
from backend.job.cache import Cache
from backend.job.watch import Watch
from backend.lift.lift import Lift
from backend.one_clip import Filmed, Footage, Work, detected, filmed, lifted, tracked
from backend.settings import Settings
from backend.track.tracks import Track
from backend.video.clip import Clip
from backend.world.place import Placed, place_shots
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
    work, footage = Work(actors, watch, cache, live), Footage(clip, settings)
    with watch.stage("detect") as report:
        detections = detected(footage, work, report)
    with watch.stage("track"):
        found = tracked(footage, detections, work)
        if not found:
            raise Refusal("no-person", f"No person was found in {clip.path.name}.",
                          "Choose a clip in which the body is visible from head to foot.")  # fmt: skip
    with watch.stage("camera") as report:
        view = filmed(footage, detections, found, work, report)
    with watch.stage("lift"):
        lifts = lifted(view, view.tracks, work)
        keep_actor(lifts[0].body, settings.body, actors)
    return cast_of_one(view, lifts, watch)


def cast_of_one(view: Filmed, lifts: list[Lift], watch: Watch) -> Cast:
    """The people whom one camera saw, each in the world of their shot."""
    clip, settings = view.footage.clip, view.footage.settings
    others = other_poses(lifts, settings, watch)
    with watch.stage("world"):
        mains = [each.main for each in others] if others else lifts
        placed = place_shots(mains, clip, view.cameras, settings.world,
                             first_is_known=settings.body.names_somebody, lens_known=view.lens_known)  # fmt: skip
        placed = with_other_poses(placed, others, settings)
    people = [Person(each.motion, each.lift.body, each.lift.track) for each in placed]
    return Cast(people, [track for track in view.found if track.left_out], view.cameras)


def other_poses(lifts: Sequence[Lift], settings: Settings, watch: Watch) -> list[Hypotheses]:
    """Of each person; empty if none are asked for."""
    if not settings.asks_for_hypotheses:
        return []
    with watch.stage("hypotheses"):
        return [hypotheses_of(lift, settings.hypotheses, choose_device(settings.device)) for lift in lifts]


def with_other_poses(placed: list[Placed], others: Sequence[Hypotheses], settings: Settings) -> list[Placed]:
    if not others:
        return placed
    return [replace(each, motion=with_hypotheses(each, other, settings.world.clean_up))
            for each, other in zip(placed, others, strict=True)]  # fmt: skip
