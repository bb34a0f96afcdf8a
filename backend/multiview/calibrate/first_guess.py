"""Where a second camera stands beside a first, from what each alone makes of one person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.multiview.calibrate.sightings import Seen
from motion.arrays import Array
from motion.rotations import nearest_rotation, normalised

_ROUNDS = 5
_USUAL_RAD = 0.25    # by which two lifts' orientations of a joint differ


@dataclass(frozen=True, eq=False)
class Beside:
    """The second camera in the first one's frame."""

    R_first_from_second: Array    # [3, 3]
    place_first: Array            # [3] m
    misfit_rad: float             # median over joints and moments of how the lifts differ then


def second_beside_first(first: Seen, second: Seen) -> Beside | None:
    """Of one person at the same moments; None where none is seen by both."""
    both = first.seen & second.seen
    if not both.any():
        return None
    a, b = first.R_camera_from_joint[both], second.R_camera_from_joint[both]
    R = _agreed((a @ np.swapaxes(b, -1, -2)).reshape(-1, 3, 3))
    misfit = np.median(_angles(a, R @ b))
    place = np.median(first.root_camera[both] - second.root_camera[both] @ R.T, axis=0)
    return Beside(R, place, float(misfit))


def _agreed(turns: Array) -> Array:
    """The rotation that most of turns [N, 3, 3] are near to: their chordal mean, the far ones counting less."""
    R = nearest_rotation(turns.mean(axis=0))
    for _ in range(_ROUNDS):
        weights = 1.0 / (1.0 + (_angles(turns, R) / _USUAL_RAD) ** 2) ** 2
        R = nearest_rotation(np.einsum("n,nij->ij", weights, turns))
    return R


def _angles(a: Array, b: Array) -> Array:
    """rad between rotations [..., 3, 3]."""
    trace = np.einsum("...ij,...ij->...", a, b)
    return np.arccos(np.clip(0.5 * (trace - 1.0), -1.0, 1.0))


def angle_between_views_rad(first: Array, second: Array, person: Array) -> float:
    """Median angle at the person's places [N, 3] between the directions to two places [3]."""
    a, b = normalised(first - person), normalised(second - person)
    return float(np.median(np.arccos(np.clip(np.sum(a * b, axis=-1), -1.0, 1.0))))
