"""The pose of one person in one picture, and when two poses are of the same body."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from motion.arrays import Array
from motion.landmarks import LANDMARK, LANDMARK_COUNT

OUTSIDE_SCORE = 0.3     # the detector goes on inventing plausible limbs beyond the border and stays sure of them
BORDER_SHARE = 0.02     # of the picture's side: nearer to the border counts as outside
SAME_BODY_SHARE = 0.15  # of a body's size: two poses whose trunks lie nearer than this are one body
PHANTOM_INSIDE = 0.7    # share of landmarks within the other's box, and
PHANTOM_SCORE = 0.8     # of the other's mean score: a second, unsure pose on the clothes of a body

TRUNK = tuple(LANDMARK[side + part] for part in ("shoulder", "hip") for side in ("left_", "right_"))
# A back is taken for a front, and raised arms for legs, so that one body is found twice, once on its head.
WAYS_ROUND = (0, 1, 2, 3), (1, 0, 3, 2), (2, 3, 0, 1), (3, 2, 1, 0)
TRUNK_ORDERS = [[TRUNK[corner] for corner in way] for way in WAYS_ROUND]


@dataclass(frozen=True, eq=False)
class Pose:
    """One person in one picture."""

    landmarks_px: Array       # [33, 2]
    scores: Array             # [33]
    landmarks_camera: Array   # [33, 3] m about the middle of the hips, axes of the camera
    doubts_px: Array = field(default_factory=lambda: np.full(LANDMARK_COUNT, np.nan))   # [33], as in Detections

    @property
    def box_px(self) -> Array:
        """Left, top, right, bottom of all landmarks, [4]."""
        return np.concatenate([self.landmarks_px.min(axis=0), self.landmarks_px.max(axis=0)])


def without_outside(landmarks_px: Array, scores: Array, width_px: int, height_px: int) -> Array:
    """`scores` [33] with at most OUTSIDE_SCORE where a landmark lies beyond the picture or on its border."""
    size = np.array([width_px, height_px])
    margin = BORDER_SHARE * size
    outside = np.any((landmarks_px < margin) | (landmarks_px > size - margin), axis=-1)
    return np.where(outside, np.minimum(scores, OUTSIDE_SCORE), scores)


def body_size_px(landmarks_px: Array) -> Array:
    """Diagonal of the box around the landmarks [..., 33, 2], [...] px."""
    return np.linalg.norm(np.ptp(landmarks_px, axis=-2), axis=-1)


def trunk_distance_px(first_px: Array, second_px: Array) -> Array:
    """Mean distance of shoulders and hips of bodies [..., 33, 2], whichever way round the second one is taken."""
    corners_px = first_px[..., TRUNK, :]
    return np.min([np.linalg.norm(corners_px - second_px[..., order, :], axis=-1).mean(axis=-1)
                   for order in TRUNK_ORDERS], axis=0)  # fmt: skip


def is_same_body(newcomer: Pose, known: Pose) -> bool:
    """Whether two findings in one picture are of one body, or the newcomer is a phantom on it.

    Trunks decide: people who stand behind each other share a box, but seldom all four corners of the trunk.
    """
    size_px = min(body_size_px(newcomer.landmarks_px), body_size_px(known.landmarks_px))
    apart_px = trunk_distance_px(newcomer.landmarks_px, known.landmarks_px)
    return bool(apart_px < SAME_BODY_SHARE * size_px) or _is_phantom(newcomer, known)


def _is_phantom(newcomer: Pose, known: Pose) -> bool:
    """Whether `newcomer` lies within the box of `known` and is far less sure."""
    left_top, right_bottom = known.box_px.reshape(2, 2)
    inside = np.all((newcomer.landmarks_px >= left_top) & (newcomer.landmarks_px <= right_bottom), axis=-1).mean()
    return bool(inside > PHANTOM_INSIDE and newcomer.scores.mean() < PHANTOM_SCORE * known.scores.mean())
