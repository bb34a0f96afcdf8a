"""A person whom one camera of several sees, moved into the frame of the first camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.cameras.projection import projected
from backend.lift.beliefs import Beliefs
from backend.lift.lift import Lift, LifterFeatures, OtherView
from backend.multiview.fuse.on_grid import lift_on_grid
from backend.multiview.fuse.what_views_saw import bias_px
from backend.multiview.rig import Rig
from backend.multiview.take_grid import TakeGrid
from backend.track.tracks import Track
from motion.arrays import Array


def moved_lift(lift: Lift, rig: Rig, view: int, grid: TakeGrid) -> Lift:
    """The lift of one of the rig's cameras at the take's frames, as if the first had seen it."""
    own = lift_on_grid(lift, rig, view, grid)
    if view == 0:
        return own
    R_first_from_camera = rig.R_first_from_camera[view]
    R = np.array(own.R_parent_from_joint)
    R[:, 0] = R_first_from_camera @ R[:, 0]
    moved = replace(own, K=rig.K[0], R_parent_from_joint=R, root_camera=rig.in_first(view, own.root_camera),
                    beliefs=_beliefs(own, R_first_from_camera), features=_features(own, R_first_from_camera))
    other = OtherView(own.track.landmarks_px, own.track.scores, bias_px(own), rig.K[view], R_first_from_camera.T,
                      -R_first_from_camera.T @ rig.places_first[view])  # fmt: skip
    return replace(moved, track=_track(moved, R_first_from_camera), others=(other,))


def _beliefs(own: Lift, R_first_from_camera: Array) -> Beliefs | None:
    """Landmarks in the first camera are where the body is, so that nothing lies beside it."""
    beliefs = own.beliefs
    return None if beliefs is None else replace(
        beliefs, down_camera=beliefs.down_camera @ R_first_from_camera.T, bias_px=np.zeros_like(beliefs.bias_px)
    )  # fmt: skip


def _features(own: Lift, R_first_from_camera: Array) -> LifterFeatures | None:
    features = own.features
    return None if features is None else replace(
        features, R_view_from_camera=features.R_view_from_camera @ R_first_from_camera.T)  # fmt: skip


def _track(moved: Lift, R_first_from_camera: Array) -> Track:
    """Where the first camera would see the body, with scores of zero."""
    track = moved.track
    return replace(
        track,
        landmarks_px=np.where(track.seen[:, None, None], projected(moved.points_camera()[:, :33], moved.K), np.nan),
        scores=np.zeros_like(track.scores), doubts_px=np.full_like(track.doubts_px, np.nan),
        landmarks_camera=track.landmarks_camera @ R_first_from_camera.T,
        hands_px=np.full_like(track.hands_px, np.nan), hands_camera=track.hands_camera @ R_first_from_camera.T,
        hand_scores=np.zeros_like(track.hand_scores),
    )  # fmt: skip
