"""The table of contents: Clip → Detections → Tracks → Lift → Rig, of several clips → Hypotheses → World → Motion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backend.body.actor import keep_actor
from backend.cameras.camera_path import CameraPath
from backend.cameras.focal import equivalent_mm, guess_in_words
from backend.detect.live_picture import LivePicture
from backend.device import choose_device
from backend.hypotheses.hypotheses import Hypotheses, hypotheses_of
from backend.hypotheses.in_world import with_hypotheses
from backend.job.cache import Cache
from backend.job.watch import Watch
from backend.lift.lift import Lift
from backend.multiview.findings import Findings
from backend.multiview.in_take import bring_together
from backend.multiview.known.known_cameras import KnownCameras
from backend.multiview.together import Together
from backend.multiview.views import CameraView, standing_views
from backend.one_clip import Filmed, Footage, Work, detected, filmed, lifted, tracked
from backend.progress import part_of
from backend.settings import Settings
from backend.track.tracks import Track
from backend.video.clip import Clip
from backend.world.place import Placed, place, place_shots
from motion.body import Body
from motion.job import CameraResult
from motion.motion import Motion
from motion.refusal import Refusal


@dataclass(frozen=True)
class Person:
    """What a capture makes of one person."""

    motion: Motion
    body: Body
    track: Track
    camera: int = 0   # of the motion's, by which the track was followed


@dataclass(frozen=True)
class Cast:
    """Who is in a take, and whom the user's edits leave out."""

    people: list[Person]
    left_out: list[Track]
    cameras: Mapping[int, CameraPath]   # of the first clip, by shot
    clips: tuple[Clip, ...] = ()        # of the motions' cameras
    findings: tuple[CameraResult, ...] = ()   # of all clips, where there are several


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
    del detections   # of a long clip they take much memory, and nobody asks for them again
    with watch.stage("lift"):
        lifts = lifted(view, view.tracks, work)
        keep_actor(lifts[0].body, settings.body, actors)
    return cast_of_one(view, lifts, watch)


def capture_together(
    footages: Sequence[Footage], known: KnownCameras | None, actors: Path | None, watch: Watch, cache: Cache,
    live: LivePicture,
) -> Cast:  # fmt: skip
    """All people of several clips that show the same at about the same time, in one world.

    Whoever several cameras see is lifted from all of them. A clip without people, or whose camera moves or fits no
    other, is left out with a warning; where none fits another, the first one makes the take. `known` are the clips'
    cameras as a calibration has them. Raises Refusal when nobody is in any of the clips, or Cancelled.
    """
    work, settings, findings = Work(actors, watch, cache, live), footages[0].settings, Findings(footages, watch)
    films = _films(footages, work, findings)
    views, together = standing_views(films, findings), None
    if len(views) > 1:
        with watch.stage("lift"):
            views = [_lifted_view(view, number, len(views), work) for number, view in enumerate(views, start=1)]
        with watch.stage("rig"):
            together = bring_together(views, known, settings, actors, findings)
    cast = _cast_of_several(together, settings, work, findings) if together else _cast_of_first(films, work, findings)
    return replace(cast, findings=findings.all())


def _films(footages: Sequence[Footage], work: Work, findings: Findings) -> dict[int, Filmed]:
    """By clip, of those with people in them: who is seen, and how the camera moved."""
    watch, count, lengths = work.watch, len(footages), [each.clip.picture_count for each in footages]
    with watch.stage("detect") as report:
        detections = []
        for number, footage in enumerate(footages):
            with watch.clip(number + 1, count):
                detections.append(detected(footage, work, part_of(report, lengths, number), footages))
    with watch.stage("track"):
        found = [tracked(footage, seen, work, footages) for footage, seen in zip(footages, detections, strict=True)]
        with_people = findings.with_people(found)
    films = {}
    with watch.stage("camera") as report:
        for number in with_people:
            with watch.clip(number + 1, count):
                films[number] = filmed(footages[number], detections[number], found[number], work,
                                       part_of(report, lengths, number), footages)  # fmt: skip
    return films


def _lifted_view(view: CameraView, number: int, count: int, work: Work) -> CameraView:
    with work.watch.clip(number, count):
        work.watch.stop_if_asked()
        return replace(view, lifts=tuple(lifted(view.filmed, view.tracks, work)))


def _cast_of_several(together: Together, settings: Settings, work: Work, findings: Findings) -> Cast:
    first = together.views[0].filmed
    with work.watch.stage("rig"):
        lifts = together.lifts(settings, choose_device(settings.device), work.watch.stop_if_asked)
        together.say(lifts, findings)
        keep_actor(lifts[0].body, settings.body, work.actors)
    others = other_poses(lifts, settings, work.watch)
    with work.watch.stage("world"):
        mains = [each.main for each in others] if others else lifts
        placed = place(mains, first.footage.clip, together.camera(), settings.world, settings.body.names_somebody,
                       first.lens_known, together.beside())  # fmt: skip
        placed = with_other_poses(placed, others, settings)
    people = [Person(each.motion, each.lift.body, *together.followed(number)) for number, each in enumerate(placed)]
    clips = tuple(view.filmed.footage.clip for view in together.views)
    return Cast(people, [track for track in first.found if track.left_out], first.cameras, clips)


def _cast_of_first(films: Mapping[int, Filmed], work: Work, findings: Findings) -> Cast:
    """Where no two clips can be brought together: of the first in which there is anybody."""
    number, first = next(iter(films.items()))
    findings.alone(number, equivalent_mm(float(first.K[0, 0]), first.footage.clip))
    if guess := guess_in_words(first.footage.clip, first.footage.settings.camera):
        work.watch.warn(guess)
    with work.watch.stage("lift"):
        lifts = lifted(first, first.tracks, work)
        keep_actor(lifts[0].body, first.footage.settings.body, work.actors)
    return cast_of_one(first, lifts, work.watch)


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
    return Cast(people, [track for track in view.found if track.left_out], view.cameras, (clip,))


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
