"""Cameras that are tilted, by angles."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array


def up_from_angles(roll_deg: float, pitch_deg: float) -> Array:
    """Up in the camera's frame [3]; pitch counts downwards, roll clockwise as the picture shows up leaning right."""
    roll, pitch = np.deg2rad(roll_deg), np.deg2rad(pitch_deg)
    return np.array([np.sin(roll) * np.cos(pitch), -np.cos(roll) * np.cos(pitch), -np.sin(pitch)])
