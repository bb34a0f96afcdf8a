"""Roll and pitch of a camera, and up in its frame."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array


def up_from_angles(roll_deg: float, pitch_deg: float) -> Array:
    """Up in the camera's frame [3]; pitch counts downwards, roll clockwise as the picture shows up leaning right."""
    roll, pitch = np.deg2rad(roll_deg), np.deg2rad(pitch_deg)
    return np.array([np.sin(roll) * np.cos(pitch), -np.cos(roll) * np.cos(pitch), -np.sin(pitch)])


def angles_from_up(up: Array) -> tuple[Array, Array]:
    """Roll and pitch in degrees of unit vectors [..., 3]; the inverse of up_from_angles."""
    return np.rad2deg(np.arctan2(up[..., 0], -up[..., 1])), np.rad2deg(np.arcsin(np.clip(-up[..., 2], -1.0, 1.0)))
