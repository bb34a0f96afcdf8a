"""The four real cameras as takes: the films began together, so frames are cut from their beginnings."""

from __future__ import annotations

from dataclasses import replace

from backend.cameras.projection import projected
from backend.track.tracks import Track
from bench import four_cameras
from bench.multiview_takes import StandingCamera, Take, TakeView, guessed_intrinsics
from bench.tracked import kept_people
from bench.world_scenes import judged_first

RATE_HZ = 60.0
CUT_FRAMES = (5, 0, 12, 8)      # a fifth of a second of 1.7 is all that can be spared
LEG_M = 0.79                    # the reference's mean thigh plus shank, which is certain to 1 %


def four_camera_take() -> Take:
    """All four. Raises Refusal when the footage is not there."""
    seen = four_cameras.views()
    views = tuple(_view(view, cut) for view, cut in zip(seen, CUT_FRAMES, strict=True))
    return Take("four_cameras", seen[0].times_s, seen[0].truth_world[:, four_cameras.LIMBS], views,
                leg_m=LEG_M)  # fmt: skip


def _view(view: four_cameras.View, cut: int) -> TakeView:
    clip, _, tracks = kept_people("four_cameras", view.film)
    track = judged_first(tracks, projected(view.truth_camera[:, four_cameras.LIMBS], view.K))[0]
    size_px = (clip.width_px, clip.height_px)
    camera = StandingCamera(view.name, size_px, view.K, view.R_camera_from_world, view.t_camera_from_world, RATE_HZ,
                            start_s=float(view.times_s[cut]))  # fmt: skip
    return TakeView(camera, cut_at_start(track, cut), guessed_intrinsics(size_px), view.film)


def cut_at_start(track: Track, frames: int) -> Track:
    """Without so many frames; the clock shows zero at the first that is left."""
    left = track.during(track.times_s > track.times_s[0] + (frames - 0.5) / track.rate)
    return replace(left, times_s=left.times_s - left.times_s[0])
