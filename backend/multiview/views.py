"""Which clips of a take can be brought together: those with people, from cameras that stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from backend.body.actor import BodySettings
from backend.cameras.camera_path import CameraPath
from backend.lift.lift import Lift
from backend.multiview.findings import Findings
from backend.one_clip import Filmed
from backend.track.tracks import Track
from backend.world.turned_picture import steadied
from motion.arrays import Array

DROPPED = "dropped"
TREMBLES_DEG = 2.0   # a camera on a tripod that is touched, or that the footage tells to turn though it stands


@dataclass(frozen=True, eq=False)
class CameraView:
    """One standing camera: its film, the shot of it that takes part, and who is in that."""

    number: int              # of the clip in the take, from 0
    filmed: Filmed
    path: CameraPath         # standing
    tracks: tuple[Track, ...]      # as it would see people if it did not tremble
    trembling: CameraPath    # the same path as the footage has it
    lifts: tuple[Lift, ...] = ()   # of the tracks, before this camera

    @property
    def name(self) -> str:
        return self.filmed.footage.name

    @property
    def span_s(self) -> Array:
        """[2] when the shot begins and ends, by the clip's clock."""
        return self.path.times_s[[0, -1]]


def standing_views(films: Mapping[int, Filmed], findings: Findings) -> list[CameraView]:
    """Of the films by the number of their clip; those of moving cameras are left out, and of edited ones a part is."""
    views = []
    for number, film in films.items():
        shot = _longest_shot(film)
        path = film.cameras[shot]
        if why := _moves(path):
            findings.leave_out(number, f"The camera of {film.footage.name} {why}, so its clip has no part in the take; "
                               "cameras must stand to be brought together.")  # fmt: skip
            continue
        tracks = tuple(steadied(track, film.K, path.at(track.times_s).R_first_from_camera) if path.kind == "turning"
                       else track for track in _of_shot(film, shot))  # fmt: skip
        views.append(CameraView(number, film, _standing(path), tracks, path))
        if len(film.cameras) > 1:
            begin_s, end_s = views[-1].span_s
            findings.doubt(number, f"{film.footage.name} has {len(film.cameras)} shots; only the longest one with "
                           f"people, from {begin_s:.1f} to {end_s:.1f} s, takes part.")  # fmt: skip
    return _knowing_the_body(views)


def _of_shot(film: Filmed, shot: int) -> list[Track]:
    """Whom the user dropped is among them: the other clips show them too, to be dropped there."""
    return [track for track in film.found if track.shot == shot and track.left_out in ("", DROPPED)]


def _knowing_the_body(views: list[CameraView]) -> list[CameraView]:
    """What the user says of the first person holds in every clip that shows one person alone."""
    if not views or all(len(view.tracks) == 1 for view in views):
        return views
    stranger = BodySettings(smplx_file=views[0].filmed.footage.settings.body.smplx_file)
    return [views[0], *(_with_body(view, stranger) for view in views[1:])]


def _with_body(view: CameraView, body: BodySettings) -> CameraView:
    footage = view.filmed.footage
    footage = replace(footage, settings=replace(footage.settings, body=body))
    return replace(view, filmed=replace(view.filmed, footage=footage))


def _longest_shot(film: Filmed) -> int:
    with_people = {track.shot for track in film.tracks or film.found}
    return max(with_people, key=lambda shot: float(np.ptp(film.cameras[shot].times_s)))


def _moves(path: CameraPath) -> str:
    """What a camera does that should stand; empty if it does."""
    if path.kind == "travelling":
        return "travels"
    turned_deg = _turned_deg(path)
    return f"turns by {turned_deg:.0f} degrees" if turned_deg > TREMBLES_DEG else ""


def _turned_deg(path: CameraPath) -> float:
    cosines = (np.trace(path.R_first_from_camera, axis1=1, axis2=2) - 1.0) / 2.0
    return float(np.rad2deg(np.arccos(np.clip(cosines.min(), -1.0, 1.0))))


def _standing(path: CameraPath) -> CameraPath:
    frames = len(path.times_s)
    return replace(path, R_first_from_camera=np.broadcast_to(np.eye(3), (frames, 3, 3)),
                   places_first=np.zeros((frames, 3)), kind="static", turn_sigma_rad=np.zeros(frames))  # fmt: skip
