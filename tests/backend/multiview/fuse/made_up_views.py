"""A made-up person before several cameras, seen without error, whom each alone lifts with smooth errors."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from backend.cameras.projection import projected
from backend.lift.lift import Lift
from backend.multiview.rig import Rig
from backend.multiview.take_grid import TakeGrid, take_grid
from backend.track.tracks import Track
from motion.arrays import Array, Mask
from motion.rotations import matrix_from_axis_angle
from tests.backend.lift.made_up_track import K
from tests.backend.lift.refine.clips import walker, wrong_lift

RATE = 30


def rig_about(truth: Lift, turns_rad: tuple[float, ...], late_s: tuple[float, ...]) -> Rig:
    """Cameras round the person, some later than the first."""
    middle = truth.root_camera.mean(axis=0)
    R = matrix_from_axis_angle(np.array([[0.0, turn, 0.0] for turn in turns_rad]))
    return Rig(np.tile(K, (len(R), 1, 1)), R, middle - R @ middle, np.array(late_s), np.ones(len(R)))


def seen_in_view(truth: Lift, rig: Rig, view: int) -> Lift:
    """The truth in the axes of a camera that began later."""
    late = round(rig.starts_s[view] * RATE)
    R = np.array(truth.R_parent_from_joint)
    R[:, 0] = rig.R_first_from_camera[view].T @ R[:, 0]
    root = rig.in_camera(view, truth.root_camera)
    points = rig.in_camera(view, truth.points_camera()[:, :33])
    track = replace(truth.track, landmarks_px=projected(points, K),
                    landmarks_camera=points - points[:, [23, 24]].mean(axis=1, keepdims=True))  # fmt: skip
    return cut(replace(truth, track=track, R_parent_from_joint=R, root_camera=root), late)


def cut(lift: Lift, late: int) -> Lift:
    """Without its first frames, its clock set to zero."""
    track = lift.track.during(np.arange(len(lift.root_camera)) >= late)
    return Lift(replace(track, times_s=track.times_s - track.times_s[0]), lift.body, lift.K,
                lift.R_parent_from_joint[late:], lift.root_camera[late:], lift.confidence[late:])  # fmt: skip


def blinded(track: Track, unseen: Mask) -> Track:
    """Nobody is seen in some frames."""
    def without(values: Array, nothing: float) -> Array:
        return np.where(unseen.reshape(-1, *[1] * (values.ndim - 1)), nothing, values)

    return replace(track, seen=track.seen & ~unseen, scores=without(track.scores, 0.0),
                   landmarks_px=without(track.landmarks_px, np.nan),
                   landmarks_camera=without(track.landmarks_camera, np.nan))  # fmt: skip


def scene(
    turns_rad: tuple[float, ...] = (0.0, 1.4), late_s: tuple[float, ...] = (0.0, 0.2), frames: int = 60
) -> tuple[Lift, Rig, TakeGrid, dict[int, Lift]]:
    """The truth before the first camera, and what the cameras made of it."""
    truth = walker(frames)
    rig = rig_about(truth, turns_rad, late_s)
    views = {view: wrong_lift(seen_in_view(truth, rig, view), np.random.default_rng(view))
             for view in range(len(turns_rad))}  # fmt: skip
    spans_s = np.array([[0.0, lift.track.times_s[-1]] for lift in views.values()])
    return truth, rig, take_grid(Fraction(RATE), rig, spans_s), views
