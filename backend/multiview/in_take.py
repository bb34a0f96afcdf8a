"""The stage "rig": from what standing cameras saw, each by itself, to people whom all of them see, in one frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from backend.body.actor import bodies_of
from backend.lift.lift import Lift
from backend.multiview.doubts import SURE_TURN_RAD, doubts_of
from backend.multiview.find_rig import RigFinding, ViewEvidence, find_rig
from backend.multiview.findings import Findings
from backend.multiview.known.for_clips import up_first_of
from backend.multiview.known.known_cameras import NO_UP, KnownCameras
from backend.multiview.rig import Rig
from backend.multiview.settings import MultiviewSettings
from backend.multiview.size import metres_per_unit, rate_doubt_of, rig_in_metres
from backend.multiview.sync.heard import heard_starts_s
from backend.multiview.take_grid import TakeGrid, take_grid
from backend.multiview.together import Together
from backend.multiview.views import CameraView
from backend.settings import Settings

LEAST_TURN_RAD = 0.005   # of how a camera is turned against the first, of one that was calibrated too


def bring_together(
    views: Sequence[CameraView], known: KnownCameras | None, settings: Settings, actors: Path | None, findings: Findings
) -> Together | None:
    """None where no two cameras fit each other. What is found of each camera, and what is doubtful, goes to findings.

    `known`: all clips' cameras as a calibration has them; `actors`: where earlier takes left what they told of bodies.
    """
    if len(views) < 2:
        return None
    known = None if known is None else known.only([view.number for view in views])
    found = _found(views, known, settings.multiview)
    _say_doubts(views, found, findings)
    if len(found.used) < 2:
        return None
    chosen, rig = tuple(views[number] for number in found.used), found.rig.only(found.used)
    grid = grid_of(chosen, rig)
    people = _people(chosen, found, rig, grid)
    height_m, bones_known = _said_of_first(chosen[0], settings, actors)
    in_metres = known is not None and known.in_metres
    if not in_metres:
        rig = rig.scaled(metres_per_unit(people, rig, grid, height_m))
    if said := rate_doubt_of(people, rig, grid, in_metres or height_m is not None):
        findings.doubt(chosen[0].number, said)
    evidence = [found.evidence[number] for number in found.used]
    return Together(
        chosen, rig, grid, people, np.array([max(each.turn_sigma_rad, LEAST_TURN_RAD) for each in evidence]),
        np.array([_confidence(each) for each in evidence]),
        NO_UP if known is None else up_first_of(known.only(found.used)), height_m, bones_known,
    )  # fmt: skip


def _found(views: Sequence[CameraView], known: KnownCameras | None, wanted: MultiviewSettings) -> RigFinding:
    """By sound too, where it may be listened to and says anything that is not known."""
    listens = wanted.sound and not wanted.synchronised
    heard_s = heard_starts_s([view.filmed.footage.clip for view in views]) if listens else {}
    return find_rig(
        [view.lifts for view in views], lenses_known=[view.filmed.lens_known for view in views],
        known=None if known is None else rig_in_metres(known, views), synchronised=wanted.synchronised,
        starts_s=heard_s,
    )  # fmt: skip


def _said_of_first(view: CameraView, settings: Settings, actors: Path | None) -> tuple[float | None, bool]:
    """How tall the first person is, None where nobody knows, and whether their bones are an actor's."""
    first = bodies_of(list(view.tracks[:1]), view.filmed.K, settings.body, actors)[0]
    return first.body.height if first.bones_known else settings.body.height_m, first.bones_known


def _people(
    views: Sequence[CameraView], found: RigFinding, rig: Rig, grid: TakeGrid
) -> tuple[Mapping[int, Lift], ...]:
    """By place among the used views; whom the user dropped in the first clip is dropped from all.

    Where the take is a part of the first clip, other cameras also show whom nobody sees during it.
    """
    people = []
    for numbers in found.people:
        lifts = {found.used.index(view): number for view, number in numbers.items() if view in found.used}
        dropped = any(views[view].tracks[number].left_out for view, number in lifts.items())
        person = {view: views[view].lifts[number] for view, number in lifts.items()}
        if not dropped and any(grid.track(lift.track, rig, view).seen.any() for view, lift in person.items()):
            people.append(person)
    return tuple(people)


def _say_doubts(views: Sequence[CameraView], found: RigFinding, findings: Findings) -> None:
    rate_hz = float(views[0].filmed.footage.clip.rate)
    doubts = doubts_of(found, [view.name for view in views], rate_hz)
    for view, evidence, said in zip(views, found.evidence, doubts, strict=True):
        findings.say(view.number, offset_sigma_frames=evidence.start_sigma_s * rate_hz)
        for sentence in said:
            (findings.doubt if evidence.fits else findings.leave_out)(view.number, sentence)


def _confidence(evidence: ViewEvidence) -> float:
    """0..1: how alike what both saw is, and how surely the camera stands where it is said to."""
    sure = 1.0 / (1.0 + (evidence.turn_sigma_rad / SURE_TURN_RAD) ** 2)
    return float(np.clip(evidence.agreement, 0.0, 1.0) * sure)


def grid_of(views: Sequence[CameraView], rig: Rig) -> TakeGrid:
    """While any camera runs; or as long as the first does, where the user chose a part of it."""
    clip, spans_s = views[0].filmed.footage.clip, np.array([view.span_s for view in views])
    if _is_part(views[0]):
        first_s = spans_s[0]
        spans_s = np.array([rig.own_times_s(number, first_s) for number in range(len(views))])
    return take_grid(clip.rate, rig, spans_s)


def _is_part(view: CameraView) -> bool:
    video = view.filmed.footage.clip.settings
    return video.in_s > 0.0 or video.out_s is not None or video.first_frame > 1 or video.last_frame is not None
