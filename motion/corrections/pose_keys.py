"""Poses that the artist set: what they changed is carried to the neighbours, which are fitted to the footage again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..arrays import Array, Indices
from ..body import Body
from ..motion import Motion
from ..rotations import axis_angle_from_matrix, matrix_from_axis_angle
from ..runs import runs
from .edits import PoseKey
from .fading import REACH_S, bumps
from .refit import Task, refitted
from .seen_points import POINTS, Sight, posed

_CHANGED_M = 0.03     # a point that the artist moved this far is looked for in the footage anew
_ASTRAY_M = 0.06      # landmarks this far from where the artist has them are half believed beside the key


def key_frames(motion: Motion, keys: Sequence[PoseKey]) -> tuple[list[PoseKey], list[int]]:
    """The keys within the motion in the order of time and the frames nearest to them; the last word on each counts."""
    frame_of = {int(np.rint((key.time_s - motion.start_s) * float(motion.rate))): key for key in keys}
    frames = sorted(frame for frame in frame_of if 0 <= frame < motion.frame_count)
    return [frame_of[frame] for frame in frames], frames


def carried(motion: Motion, shown: Motion, keys: Sequence[PoseKey]) -> Motion:
    """`motion` with the differences between the keys and what was shown, fading out within REACH_S.

    `shown` is the motion that the artist saw, such as this one cleaned up.
    """
    keys, frames = key_frames(motion, keys)
    if not keys:
        return motion
    weights = bumps(motion.frame_count, frames, REACH_S * float(motion.rate))
    R_keys = np.stack([key.R_parent_from_joint for key in keys])
    turns_rad = axis_angle_from_matrix(R_keys @ np.swapaxes(shown.R_parent_from_joint[frames], -1, -2))
    shifts = np.stack([key.root_world for key in keys]) - shown.root_world[frames]
    R = np.array(motion.R_parent_from_joint)
    near = weights.any(axis=0)
    R[near] = matrix_from_axis_angle(np.einsum("kt,kjn->tjn", weights[:, near], turns_rad)) @ R[near]
    return replace(motion, R_parent_from_joint=R, root_world=motion.root_world + weights.T @ shifts)


def with_pose_keys(motion: Motion, shown: Motion, keys: Sequence[PoseKey], body: Body) -> Motion:
    """The motion through the keys, its other frames still on the footage."""
    keys, frames = key_frames(motion, keys)
    start = carried(motion, shown, keys)
    if not keys or not motion.cameras:
        return start
    weights = bumps(motion.frame_count, frames, REACH_S * float(motion.rate))
    R, root = np.array(start.R_parent_from_joint), np.array(start.root_world)
    for window in (slice(*run) for run in runs(weights.any(axis=0))):
        mine = weights[:, window].any(axis=1)
        R[window], root[window] = _refitted(motion, start, weights[mine][:, window], np.array(frames)[mine], window,
                                            body)  # fmt: skip
    return replace(start, R_parent_from_joint=R, root_world=root)


def _refitted(
    motion: Motion, start: Motion, weights: Array, frames: Indices, window: slice, body: Body
) -> tuple[Array, Array]:
    """Poses and root of a stretch of frames, of `start` fitted to the footage."""
    sight = Sight.of(motion.cameras[0], window)
    before_px = sight.pixels(posed(body, motion.R_parent_from_joint[window], motion.root_world[window]).points_world)
    after = posed(body, start.R_parent_from_joint[window], start.root_world[window])
    after_px = sight.pixels(after.points_world)
    landmarks_px = motion.cameras[0].landmarks_px[window][:, POINTS]
    scores = np.where(np.isfinite(landmarks_px).all(axis=-1), motion.cameras[0].scores[window][:, POINTS], 0.0)
    landmarks_px = np.where(scores[..., None] > 0.0, landmarks_px, before_px)
    px_per_m = sight.K[:, 0, 0] / np.maximum(sight.in_camera(after.points_world)[..., 2].mean(axis=1), 0.1)
    at = frames - window.start
    changed = _share(after_px[at] - before_px[at], _CHANGED_M * px_per_m[at])
    astray = _share(after_px[at] - landmarks_px[at], _ASTRAY_M * px_per_m[at]) * changed
    anew = np.minimum(weights.T @ changed, 1.0)[..., None]
    doubted = np.minimum(weights.T @ astray, 1.0)
    own = np.minimum(weights.sum(axis=0), 1.0)
    return refitted(Task(
        body, sight, start.R_parent_from_joint[window], start.root_world[window],
        wanted_px=before_px + anew * (landmarks_px - before_px), trust=scores * (1.0 - doubted),
        freedom=np.sqrt(np.maximum(1.0 - weights.max(axis=0), 0.0) * np.minimum(1.0, 4.0 * own)),
        rate=float(motion.rate),
    ))  # fmt: skip


def _share(off_px: Array, half_px: Array) -> Array:
    """From 0 to 1 [K, L], a half where something is `half_px` [K] off."""
    squared = np.sum(off_px**2, axis=-1)
    return squared / (squared + half_px[:, None] ** 2)
