"""People before cameras, with what is true of their world: what `bench world` captures, and films that it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.cameras.projection import projected
from backend.track.tracks import Track
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from bench import four_cameras, world_motion
from bench.rendered import rendered_clips
from bench.tracked import kept_tracks
from bench.world_motion import WorldMotion
from motion.arrays import Array
from motion.landmarks import LIMB_LANDMARKS


@dataclass(frozen=True, eq=False)
class Scene:
    """One clip up to the lift, its focal length known."""

    name: str
    clip: Clip
    K: Array                    # [3, 3] px
    tracks: tuple[Track, ...]   # whose motion is judged first, then others of the shot; nobody: not found
    camera: CameraPath
    truth: WorldMotion          # of all of the film
    path: bool                  # whether the truth's place over time may judge
    height_m: float | None      # of the person judged; None where nobody measured it
    camera_with_places: CameraPath | None = None    # the same, its true places too, up to one factor


def rendered_scenes(which: str) -> Iterator[Scene]:
    """The films of "rendered_dev" or "rendered", their cameras as solved from the pictures."""
    for film in rendered_clips(which):
        taken = kept_tracks(which, film.film, film.K)
        limbs_camera = film.in_camera(film.points_world)[:, LIMB_LANDMARKS]
        tracks = judged_first(taken.tracks, projected(limbs_camera, film.K))
        camera = taken.cameras[tracks[0].shot if tracks else 0]
        yield Scene(film.name, taken.clip, film.K, tracks, camera, world_motion.of_rendered(film), film.teaches.path,
                    film.body.height)  # fmt: skip


def four_camera_scenes() -> Iterator[Scene]:
    """Each of the four real cameras alone. Raises Refusal when the footage is not there."""
    for view in four_cameras.views():
        clip = open_clip(view.film, VideoSettings())
        focal = float(view.K[0, 0])
        K = np.array([[focal, 0.0, clip.width_px / 2.0], [0.0, focal, clip.height_px / 2.0], [0.0, 0.0, 1.0]])
        taken = kept_tracks("four_cameras", view.film, K)
        tracks = judged_first(taken.tracks, projected(view.truth_camera[:, four_cameras.LIMBS], view.K))
        camera = taken.cameras[tracks[0].shot if tracks else 0]
        yield Scene(view.name, clip, K, tracks, camera, world_motion.of_view(view), True, None)


def judged_first(tracks: list[Track], true_px: Array) -> tuple[Track, ...]:
    """The track whose limbs lie nearest to the true ones [T, 12, 2] px, then others of its shot."""
    def distance(track: Track) -> float:
        seen_px = track.landmarks_px[: len(true_px), LIMB_LANDMARKS]
        gap = np.linalg.norm(seen_px - true_px[: len(seen_px)], axis=-1)
        return float(np.nanmedian(gap)) if np.isfinite(gap).any() else np.inf

    nearest = min(tracks, key=distance, default=None)
    others = [track for track in tracks if nearest is not None and track is not nearest and track.shot == nearest.shot]
    return () if nearest is None else (nearest, *others)
