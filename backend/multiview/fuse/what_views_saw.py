"""The pictures behind a lift of several views: the first camera's as its track, the others' beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from backend.cameras.projection import projected
from backend.lift.lift import Lift, LifterFeatures, OtherView
from backend.multiview.rig import Rig
from backend.track.tracks import Track
from motion.arrays import Array
from motion.landmarks import LANDMARK, LANDMARK_COUNT

_NEARLY_AS_OFTEN = 0.9   # the first camera's features serve if it sees the person so often as the one that does most
_HIPS = [LANDMARK["left_hip"], LANDMARK["right_hip"]]


def unbiased_px(lift: Lift) -> Array:
    """[T, 33, 2] landmarks without the bias that a network sees in them; NaN where unseen."""
    return lift.track.landmarks_px - bias_px(lift)


def own_track(lifts: Sequence[Lift], order: Sequence[int]) -> Track:
    """The first camera's; empty if it never sees the person. `order` are the lifts' cameras, rising."""
    track = lifts[0].track
    return track if order[0] == 0 else track.unseen(track.times_s)


def others_of(lifts: Sequence[Lift], cameras: Rig, order: Sequence[int]) -> tuple[OtherView, ...]:
    """What all but the first camera of the rig saw."""
    return tuple(OtherView(lift.track.landmarks_px, lift.track.scores, bias_px(lift), cameras.K[index],
                           cameras.R_first_from_camera[index].T,
                           -cameras.R_first_from_camera[index].T @ cameras.places_first[index])
                 for index, (lift, view) in enumerate(zip(lifts, order, strict=True)) if view != 0)  # fmt: skip


def features_of(lifts: Sequence[Lift], cameras: Rig) -> LifterFeatures | None:
    """Of one view for the whole clip, since a change would be seen: the first that sees the person about most often."""
    often = np.array([lift.track.seen.sum() for lift in lifts])
    index = int(np.argmax(often >= _NEARLY_AS_OFTEN * often.max()))
    features = lifts[index].features
    if features is None:
        return None
    return LifterFeatures(features.hidden, features.R_view_from_camera @ cameras.R_first_from_camera[index].T)


def filled(lift: Lift) -> Lift:
    """The lift with the body's points as landmarks, of score zero, where only other cameras see the person."""
    seen_by = [np.isfinite(other.landmarks_px[:, 0, 0]) for other in lift.others]
    frames = np.any([lift.track.seen, *seen_by], axis=0) & ~lift.track.seen
    if not frames.any():
        return lift
    track, points = lift.track, lift.points_camera()[frames, :LANDMARK_COUNT]
    landmarks_px, metres, seen = np.array(track.landmarks_px), np.array(track.landmarks_camera), np.array(track.seen)
    landmarks_px[frames] = projected(points, lift.K)
    metres[frames] = points - points[:, _HIPS].mean(axis=1, keepdims=True)
    seen[frames] = True
    return replace(lift, track=replace(track, seen=seen, landmarks_px=landmarks_px, landmarks_camera=metres))


def bias_px(lift: Lift) -> Array:
    """[T, 33, 2] by how much a network sees landmarks beside the body's points."""
    return np.zeros_like(lift.track.landmarks_px) if lift.beliefs is None else lift.beliefs.bias_px
