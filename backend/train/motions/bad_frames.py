"""Frames in which the recording broke, found by rule, and what is left between them."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array, Mask
from motion.runs import runs
from motion.skeleton import BODY_JOINT_COUNT, JOINT_NAMES

# Trained people's knees, elbows and heads stay below both; toes and hands may not (kicks reach 14 m/s), so that
# they are not asked.
FASTEST_M_S = 12.0
FASTEST_TURN_DEG_S = 2500.0
MARGIN_FRAMES = 3        # around a spike its interpolation is broken too
FROZEN_S = 0.5
SHORTEST_PIECE_S = 0.8
_FROZEN_TURN_DEG_S = 0.05   # a person who stands still turns some joint by ten times as much
_FROZEN_SHARE = 0.5         # a clip that stands for longer is meant to
_NOT_ASKED = ("left_foot", "right_foot", "left_wrist", "right_wrist")
_ASKED = [i for i, name in enumerate(JOINT_NAMES[:BODY_JOINT_COUNT]) if name not in _NOT_ASKED]


def broken_frames(R_world_from_joint: Array, joints_world: Array, rate_hz: float) -> Mask:
    """[T] whether the step from the frame before is faster than people are; [T, >=22, 3, 3] and [T, >=22, 3] m."""
    if len(joints_world) < 2:
        return np.zeros(len(joints_world), bool)
    speed_m_s = np.linalg.norm(np.diff(joints_world[:, _ASKED], axis=0), axis=-1) * rate_hz
    turn_deg_s = np.rad2deg(_turns(R_world_from_joint[:, _ASKED])) * rate_hz
    too_fast = (speed_m_s > FASTEST_M_S) | (turn_deg_s > FASTEST_TURN_DEG_S)
    return np.concatenate([[False], too_fast.any(axis=1)])


def frozen_frames(R_world_from_joint: Array, rate_hz: float) -> Mask:
    """[T] whether nothing turns for more than half a second, in a clip that moves otherwise."""
    if len(R_world_from_joint) < 2:
        return np.zeros(len(R_world_from_joint), bool)
    turn_deg_s = np.rad2deg(_turns(R_world_from_joint[:, _ASKED])).max(axis=1) * rate_hz
    still = np.concatenate([[False], turn_deg_s < _FROZEN_TURN_DEG_S])
    frozen = np.zeros(len(still), bool)
    for start, end in runs(still):
        frozen[start:end] = end - start > FROZEN_S * rate_hz
    return frozen if frozen.mean() < _FROZEN_SHARE else np.zeros(len(still), bool)


def with_margin(bad: Mask, frames: int = MARGIN_FRAMES) -> Mask:
    """`bad` [T] with as many frames more on either side."""
    return np.convolve(bad, np.ones(2 * frames + 1), "same") > 0.5 if len(bad) > 2 * frames else bad | bad.any()


def good_pieces(bad: Mask, rate_hz: float) -> list[tuple[int, int]]:
    """First frame and end of every stretch without a bad frame that is long enough to learn from."""
    return [(start, end) for start, end in runs(~bad) if end - start >= SHORTEST_PIECE_S * rate_hz]


def _turns(R: Array) -> Array:
    """Angles [T - 1, N] rad between neighbouring frames of R [T, N, 3, 3]."""
    trace = np.einsum("tnij,tnij->tn", R[:-1], R[1:])
    # The arc cosine is blind to small turns; the matrix' difference is not.
    small = np.linalg.norm(R[1:] - R[:-1], axis=(-2, -1)) / np.sqrt(2.0)
    return np.where(small < 0.1, small, np.arccos(np.clip(0.5 * (trace - 1.0), -1.0, 1.0)))
