"""How well the footage tells where a body is: well across the line of sight, badly along it."""

from __future__ import annotations

import numpy as np

from ..arrays import Array, Mask
from ..figure import Figure
from ..motion import Camera, Motion
from ..rotations import normalised

# Standard deviations of an error that lasts about a second. On rendered_dev clean-up then leaves paths as they were
# (51 mm; 64 with three times as much room).
_ACROSS_M = 0.015
_ALONG_SHARE = 0.01      # of the distance
_UNSEEN = 0.01           # of the weight, where nobody is seen
_NEAREST_M = 0.1
_UNSEEN_SCORE, _SEEN_SCORE = 0.3, 0.6   # outside of the picture scores are 0.3 at most


def sight_of(motion: Motion) -> Array | None:
    """[T, 3, 3] m^-2 in the world, of all cameras together; None without one."""
    if not motion.cameras:
        return None
    return sum(_sight(camera, motion.root_world, _seen_by(camera, motion)) for camera in motion.cameras)


def _seen_by(camera: Camera, motion: Motion) -> Mask:
    """[T]; of several cameras each has what it saw itself."""
    return motion.seen if len(motion.cameras) == 1 else motion.seen & (camera.scores > 0.0).any(axis=1)


def _sight(camera: Camera, root_world: Array, seen: Mask) -> Array:
    lens = -np.einsum("tji,tj->ti", camera.R_camera_from_world, camera.t_camera_from_world)
    way = root_world - lens
    ray = normalised(way)
    outer = ray[:, :, None] * ray[:, None, :]
    along = (_ALONG_SHARE * np.maximum(np.linalg.norm(way, axis=-1), _NEAREST_M)) ** -2
    sight = _ACROSS_M**-2 * (np.eye(3) - outer) + along[:, None, None] * outer
    return np.where(seen, 1.0, _UNSEEN)[:, None, None] * sight


def certainty_of(motion: Motion, figure: Figure) -> Array | None:
    """[T, P] 0..1 how surely the figure's points were seen, by the joints that carry them; None without a camera."""
    if not motion.cameras:
        return None
    confidence = motion.confidence[:, np.minimum(figure.point_joints, motion.confidence.shape[1] - 1)]
    return np.clip((confidence - _UNSEEN_SCORE) / (_SEEN_SCORE - _UNSEEN_SCORE), 0.0, 1.0)
