"""Bones laid one after the other, each from where the one before really ends."""

from __future__ import annotations

import numpy as np

from backend.lift.direct.bone_direction import bone_direction
from backend.lift.direct.evidence import DepthBelief, Evidence
from motion.arrays import Array
from motion.landmarks import LANDMARK
from motion.rotations import normalised
from motion.skeleton import JOINT, PARENTS, Skeleton

# The detector's own 3D offset also says something across the picture, where the 2D landmark is in doubt.
_DETECTOR_ACROSS_SIGMA_M = 0.060
# A bone that points at the camera may change its mind from towards to away; it shall not do so within a frame.
_DIRECTION_SMOOTHING_S = 0.04


def direction_to(evidence: Evidence, start: Array, end_names: tuple[str, ...], believed: Array) -> Array:
    """Direction [S, 3] of the bone that begins at `start` [S, 3] m and ends at the middle of some landmarks.

    `believed` [S, 3] m is the bone as the detector (or the rest of the pose) has it; its length is the bone's. The
    end lies on its viewing ray as far as the length allows; `believed` tells which way in depth.
    """
    ends = [LANDMARK[name] for name in end_names]
    ray = normalised(evidence.rays[:, ends].mean(axis=1))
    sigma = evidence.sigma_across[:, ends].mean(axis=1)
    direction = _direction(sigma, ray, _square_to(-start, ray), believed, evidence.depth)
    return normalised(evidence.smoothed(direction, _DIRECTION_SMOOTHING_S))


def direction_between(
    evidence: Evidence, depth: Array, start_names: tuple[str, ...], end_names: tuple[str, ...], length: float
) -> Array:
    """Direction [S, 3] of a segment of `length` m between the middles of two groups of landmarks `depth` [S] m away."""
    start, end = ([LANDMARK[name] for name in names] for names in (start_names, end_names))
    start_ray, end_ray = evidence.rays[:, start].mean(axis=1), evidence.rays[:, end].mean(axis=1)
    middle = normalised(start_ray + end_ray)
    seen = (end_ray - start_ray) * depth[:, None]
    offset = evidence.landmarks_camera[:, end].mean(axis=1) - evidence.landmarks_camera[:, start].mean(axis=1)
    sigma = np.hypot(evidence.sigma_across[:, start].mean(axis=1), evidence.sigma_across[:, end].mean(axis=1))
    return _direction(sigma, middle, _square_to(seen, middle), length * normalised(offset), evidence.depth)


def place(R_camera_from_joint: Array, root: Array, skeleton: Skeleton, joint_name: str) -> Array:
    """Place [S, 3] m of one joint, from the orientations [S, 55, 3, 3] of those above it and the root [S, 3] m."""
    joint = JOINT[joint_name]
    where = np.zeros_like(root)
    while joint != 0:
        parent = PARENTS[joint]
        where = where + R_camera_from_joint[:, parent] @ skeleton.offsets[joint]
        joint = parent
    return root + where


def _direction(sigma: Array, ray: Array, seen_across: Array, believed: Array, depth: DepthBelief) -> Array:
    """bone_direction with the picture's and the detector's offsets across the ray averaged by their certainty."""
    picture, detector = sigma**-2, np.full_like(sigma, _DETECTOR_ACROSS_SIGMA_M**-2)
    total = (picture + detector)[:, None]
    across = (picture[:, None] * seen_across + detector[:, None] * _square_to(believed, ray)) / total
    lengths = np.linalg.norm(believed, axis=-1)
    along = np.sum(_flattened(believed, ray, lengths, depth.share) * ray, axis=-1)
    return bone_direction(across, along, ray, lengths, total[:, 0] ** -0.5, np.full(len(ray), depth.sigma_m))


def _flattened(believed: Array, ray: Array, lengths: Array, share: float) -> Array:
    """Bones [S, 3] turned towards the picture plane as far as the detector's depth is not believed."""
    along = np.sum(believed * ray, axis=-1, keepdims=True) * ray
    return lengths[:, None] * normalised(believed - (1.0 - share) * along)


def _square_to(v: Array, ray: Array) -> Array:
    return v - np.sum(v * ray, axis=-1, keepdims=True) * ray
