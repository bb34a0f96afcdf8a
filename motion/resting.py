"""Which parts of the feet rest on the floor, told by height and speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Array
from .filters import gaussian_smoothed

CONTACT_NAMES = ("left_heel", "left_ball", "right_heel", "right_ball")
SOLE_POINTS = ("left_heel_sole", "left_ball_sole", "right_heel_sole", "right_ball_sole")


@dataclass(frozen=True)
class ContactSettings:
    """Where a contact is as likely as not, and how fast the likelihood changes around there."""

    still_speed: float = 0.35     # m/s; published still labels use 0.3 (0.01 m a frame at 30 frames a second)
    speed_width: float = 0.10     # m/s
    floor_height: float = 0.08    # m above the floor
    height_width: float = 0.025   # m


def contact_probability(soles_world: Array, rate: float, settings: ContactSettings = ContactSettings()) -> Array:
    """[T, C] for sole points [T, C, 3] m, Z up, floor at z = 0: low and still, each by a logistic step."""
    still = still_probability(soles_world, rate, settings)
    low = _step((settings.floor_height - soles_world[..., 2]) / settings.height_width)
    return still * low


def still_probability(points: Array, rate: float, settings: ContactSettings = ContactSettings()) -> Array:
    """[T, C] how likely points [T, C, 3] m rest, by speed alone; the same in every frame that does not move."""
    if len(points) < 2:
        return np.ones(points.shape[:2])
    # A twentieth of a second: shorter than any stance, long enough for the detector's jitter.
    smooth = gaussian_smoothed(points, rate, 0.05)
    speed = np.linalg.norm(np.gradient(smooth, axis=0), axis=-1) * rate
    return _step((settings.still_speed - speed) / settings.speed_width)


def _step(x: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -50.0, 50.0)))
