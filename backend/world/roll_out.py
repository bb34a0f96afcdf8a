"""A path from velocities in the body's own frame (GVHMR, Shen et al. 2024, §3.3): rotation i turns velocity i."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array


def roll_out(R_world_from_root: Array, velocity_root: Array, rate: float) -> Array:
    """The path [T, 3] m from the origin, of orientations [T, 3, 3] and velocities [T, 3] m/s to the next frame.

    The last velocity leads beyond the last frame and is not used.
    """
    steps = np.einsum("tij,tj->ti", R_world_from_root[:-1], velocity_root[:-1]) / rate
    return np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])
