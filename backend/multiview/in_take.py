"""The stage "rig": from what standing cameras saw, each by itself, to people lifted from all of them, in one frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backend.cameras.camera_path import CameraPath, standing_camera
from backend.cameras.focal import FULL_FRAME_LONG_SIDE_MM
from backend.lift.lift import Lift
from backend.multiview.doubts import SURE_TURN_RAD, doubts_of
from backend.multiview.find_rig import RigFinding, ViewEvidence, find_rig
from backend.multiview.findings import Findings
from backend.multiview.fuse.fused_lift import fused_lift
from backend.multiview.known.for_clips import up_first_of
from backend.multiview.known.known_cameras import NO_UP, KnownCameras
from backend.multiview.moved import moved_lift
from backend.multiview.rig import Rig
from backend.multiview.settings import MultiviewSettings
from backend.multiview.size import metres_per_unit, rate_doubt_of, rig_in_metres
from backend.multiview.sync.heard import heard_starts_s
from backend.multiview.take_grid import TakeGrid, take_grid
from backend.multiview.views import CameraView
from backend.settings import Settings
from backend.track.tracks import Track
from backend.video.clip import Clip
from backend.world.beside import Beside, CameraBeside
from motion.arrays import Array

LEAST_TURN_RAD = 0.005


@dataclass(frozen=True, eq=False)
class Together:
    """The cameras that fit each other, and each person as all who see them do, in the frame of the first of these."""

    views: tuple[CameraView, ...]
    rig: Rig
    grid: TakeGrid
    people: tuple[Mapping[int, Lift], ...]   # by camera of `views`, as each lifted the person by itself
    turn_sigma_rad: Array                    # [V] of how the cameras are turned against the first
    confidence: Array                        # [V] 0..1
    up_first: Array                          # [0 or 1, 3] where a calibration says it

    def lifts(self, settings: Settings, device: str) -> list[Lift]:
        """One a person, on the take's frames. What the user knows of a body is of the first person."""
        return [self._lift(number, views, settings, device) for number, views in enumerate(self.people)]

    def _lift(self, number: int, views: Mapping[int, Lift], settings: Settings, device: str) -> Lift:
        if len(views) == 1:
            ((view, lift),) = views.items()
            return moved_lift(lift, self.rig, view, self.grid)
        known = settings.body if number == 0 else None
        return fused_lift(views, self.rig, self.grid, settings.multiview, settings.lift.refine,
                          height_m=known.height_m if known else None, device=device)  # fmt: skip

    def followed(self, number: int) -> tuple[Track, int]:
        """The track of a person in the first clip that shows them, and that clip's place among the views."""
        view = min(self.people[number])
        return self.people[number][view].track, view

    def camera(self) -> CameraPath:
        """The first camera over the take."""
        first = self.views[0].path
        times_s = self.grid.times_s
        return replace(first, times_s=times_s, R_first_from_camera=standing_camera(times_s).R_first_from_camera,
                       places_first=np.zeros((len(times_s), 3)), turn_sigma_rad=np.zeros(len(times_s)),
                       up_first=self.up_first)  # fmt: skip

    def say(self, lifts: Sequence[Lift], findings: Findings) -> None:
        """What is known of each camera now that people stand before them."""
        first = lifts[0]
        person = np.median(first.root_camera[first.track.seen], axis=0)
        for number, view in enumerate(self.views):
            place, start_s = self.rig.places_first[number], float(self.rig.starts_s[number])
            footage = view.filmed.footage
            findings.say(
                view.number, offset_s=start_s, offset_frames=start_s * float(self.grid.rate),
                clock_rate=float(self.rig.clock_rates[number]), angle_deg=_angle_deg(-person, place - person),
                distance_m=float(np.linalg.norm(place)), focal_mm=focal_mm(self.rig.K[number], footage.clip),
                confidence=float(self.confidence[number]),
            )  # fmt: skip

    def beside(self) -> Beside:
        """The other cameras, and what every one saw of each person at the take's frames."""
        cameras = tuple(self._camera_beside(number) for number in range(1, len(self.views)))
        return Beside(cameras, self.grid.zero_s, tuple(self._seen(views) for views in self.people))

    def _camera_beside(self, number: int) -> CameraBeside:
        view, rig = self.views[number], self.rig
        return CameraBeside(
            view.filmed.footage.clip, view.path, rig.K[number], rig.R_first_from_camera[number],
            rig.places_first[number], float(rig.starts_s[number]), float(rig.clock_rates[number]),
            float(self.turn_sigma_rad[number]), view.filmed.lens_known, float(self.confidence[number]),
        )  # fmt: skip

    def _seen(self, views: Mapping[int, Lift]) -> tuple[Track, ...]:
        some = next(iter(views.values())).track
        return tuple(self.grid.track(views[number].track, self.rig, number) if number in views
                     else unseen(some, self.grid.times_s) for number in range(len(self.views)))  # fmt: skip


def bring_together(
    views: Sequence[CameraView], known: KnownCameras | None, settings: Settings, findings: Findings
) -> Together | None:
    """None where no two cameras fit each other. What is found of each camera, and what is doubtful, goes to findings.
    """
    if len(views) < 2:
        return None
    given = None if known is None else rig_in_metres(known.only([view.number for view in views]), views)
    wanted = settings.multiview
    heard_s = heard_starts_s([view.filmed.footage.clip for view in views]) if _listens(wanted) else {}
    found = find_rig([view.lifts for view in views], lenses_known=[view.filmed.lens_known for view in views],
                     known=given, synchronised=wanted.synchronised, starts_s=heard_s)  # fmt: skip
    _say_doubts(views, found, findings)
    if len(found.used) < 2:
        return None
    chosen = tuple(views[number] for number in found.used)
    rig = found.rig.only(found.used)
    people = _people(chosen, found)
    grid = grid_of(chosen, rig)
    if known is None or not known.in_metres:
        rig = rig.scaled(metres_per_unit(people, rig, grid, settings.body.height_m))
    size_known = settings.body.height_m is not None or (known is not None and known.in_metres)
    if said := rate_doubt_of(people, rig, grid, size_known):
        findings.doubt(chosen[0].number, said)
    evidence = [found.evidence[number] for number in found.used]
    return Together(
        chosen, rig, grid, people, np.array([max(each.turn_sigma_rad, LEAST_TURN_RAD) for each in evidence]),
        np.array([_confidence(each) for each in evidence]), NO_UP if known is None else up_first_of(known),
    )  # fmt: skip


def _listens(wanted: MultiviewSettings) -> bool:
    return wanted.sound and not wanted.synchronised


def _people(views: Sequence[CameraView], found: RigFinding) -> tuple[Mapping[int, Lift], ...]:
    """By place among the used views; whom the user dropped in the first clip is dropped from all."""
    people = []
    for numbers in found.people:
        lifts = {found.used.index(view): number for view, number in numbers.items() if view in found.used}
        if lifts and not any(views[view].tracks[number].left_out for view, number in lifts.items()):
            people.append({view: views[view].lifts[number] for view, number in lifts.items()})
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


def focal_mm(K: Array, clip: Clip) -> float:
    """The 35 mm equivalent of a lens."""
    return float(K[0, 0] / max(clip.width_px, clip.height_px) * FULL_FRAME_LONG_SIDE_MM)


def unseen(like: Track, times_s: Array) -> Track:
    """A track in which nobody is seen."""
    frames = len(times_s)
    empty = {name: np.full((frames, *getattr(like, name).shape[1:]), np.nan)
             for name in ("landmarks_px", "doubts_px", "landmarks_camera", "hands_px", "hands_camera")}  # fmt: skip
    return replace(like, times_s=times_s, seen=np.zeros(frames, dtype=bool), scores=np.zeros((frames, 33)),
                   hand_scores=np.zeros((frames, 2)), **empty)  # fmt: skip


def _is_part(view: CameraView) -> bool:
    video = view.filmed.footage.clip.settings
    return video.in_s > 0.0 or video.out_s is not None or video.first_frame > 1 or video.last_frame is not None


def _angle_deg(one: Array, other: Array) -> float:
    return float(np.rad2deg(np.arctan2(np.linalg.norm(np.cross(one, other)), one @ other)))
