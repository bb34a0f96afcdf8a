"""Several cameras of a take that fit each other, and what they make of the people together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backend.cameras.camera_path import CameraPath, standing_camera
from backend.cameras.focal import equivalent_mm
from backend.lift.lift import Lift
from backend.lift.refine.settings import RefineSettings
from backend.multiview.findings import Findings
from backend.multiview.fuse.fused_lift import REFINEMENT, fused_lift
from backend.multiview.moved import moved_lift
from backend.multiview.rig import Rig
from backend.multiview.take_grid import TakeGrid
from backend.multiview.views import CameraView
from backend.settings import Settings
from backend.track.tracks import Track
from backend.world.beside import Beside, CameraBeside
from motion.arrays import Array


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
    height_m: float | None = None            # of the first person, as the user says or an earlier take told
    bones_known: bool = False                # an earlier take told the first person's bones

    def lifts(self, settings: Settings, device: str, stop_if_asked: Callable[[], None]) -> list[Lift]:
        """One a person, on the take's frames. What the user knows of a body is of the first person."""
        lifts = []
        for number in range(len(self.people)):
            stop_if_asked()
            lifts.append(self._lift(number, settings, device))
        return lifts

    def _lift(self, number: int, settings: Settings, device: str) -> Lift:
        views = self.people[number]
        if len(views) == 1:
            ((view, lift),) = views.items()
            return moved_lift(lift, self.rig, view, self.grid)
        first = number == 0
        return fused_lift(views, self.rig, self.grid, settings.multiview, _refinement(settings),
                          height_m=self.height_m if first else None, bones_known=first and self.bones_known,
                          device=device)  # fmt: skip

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
                distance_m=float(np.linalg.norm(place)),
                focal_mm=equivalent_mm(float(self.rig.K[number, 0, 0]), footage.clip),
                confidence=float(self.confidence[number]),
            )  # fmt: skip

    def beside(self) -> Beside:
        """The other cameras, and what every one saw of each person at the take's frames."""
        cameras = tuple(self._camera_beside(number) for number in range(1, len(self.views)))
        return Beside(cameras, self.grid.zero_s, tuple(self._seen(views) for views in self.people),
                      tuple(map(self._trembling, range(len(self.views)))))  # fmt: skip

    def _trembling(self, number: int) -> Array:
        own_s = self.rig.own_times_s(number, self.grid.times_s)
        return self.views[number].trembling.at(own_s).R_first_from_camera

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
                     else some.unseen(self.grid.times_s) for number in range(len(self.views)))  # fmt: skip


def _refinement(settings: Settings) -> RefineSettings:
    """What is best for several views, unless the user asks for something."""
    return REFINEMENT if settings.lift.refine == RefineSettings() else settings.lift.refine


def _angle_deg(one: Array, other: Array) -> float:
    return float(np.rad2deg(np.arctan2(np.linalg.norm(np.cross(one, other)), one @ other)))
