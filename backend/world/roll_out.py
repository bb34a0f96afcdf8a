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


def velocities_of(R_world_from_root: Array, path_world: Array, rate: float) -> Array:
    """Velocities [T, 3] m/s in the root's frame to the next frame, the last one repeated; the way back of roll_out.

    R_world_from_root [T, 3, 3], path_world [T, 3] m. One frame alone stands still.
    """
    steps = np.diff(path_world, axis=0) * rate
    velocity = np.einsum("tji,tj->ti", R_world_from_root[:-1], steps)
    return np.concatenate([velocity, velocity[-1:]]) if len(velocity) else np.zeros((1, 3))
