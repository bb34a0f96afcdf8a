"""How well the footage tells where a body is: well across the line of sight, badly along it."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..motion import Motion
from ..rotations import normalised
from .figure import Figure

# Standard deviations of an error that lasts about a second. On rendered_dev clean-up then leaves paths as they were
# (51 mm; 64 with three times as much room).
_ACROSS_M = 0.015
_ALONG_SHARE = 0.01      # of the distance
_UNSEEN = 0.01           # of the weight, where nobody is seen
_NEAREST_M = 0.1
_UNSEEN_SCORE, _SEEN_SCORE = 0.3, 0.6   # outside of the picture scores are 0.3 at most


def sight_of(motion: Motion) -> Array | None:
    """[T, 3, 3] m^-2 in the world, of the first camera; None without one."""
    if not motion.cameras:
        return None
    camera = motion.cameras[0]
    lens = -np.einsum("tji,tj->ti", camera.R_camera_from_world, camera.t_camera_from_world)
    way = motion.root_world - lens
    ray = normalised(way)
    outer = ray[:, :, None] * ray[:, None, :]
    along = (_ALONG_SHARE * np.maximum(np.linalg.norm(way, axis=-1), _NEAREST_M)) ** -2
    sight = _ACROSS_M**-2 * (np.eye(3) - outer) + along[:, None, None] * outer
    return np.where(motion.seen, 1.0, _UNSEEN)[:, None, None] * sight


def certainty_of(motion: Motion, figure: Figure) -> Array | None:
    """[T, P] 0..1 how surely the figure's points were seen, by the joints that carry them; None without a camera."""
    if not motion.cameras:
        return None
    confidence = motion.confidence[:, np.minimum(figure.point_joints, motion.confidence.shape[1] - 1)]
    return np.clip((confidence - _UNSEEN_SCORE) / (_SEEN_SCORE - _UNSEEN_SCORE), 0.0, 1.0)
