"""The stretches of a long clip in which most happens."""

from __future__ import annotations

import numpy as np

from motion.arrays import Array, Mask

STRETCH_S = 8.0


def liveliest(joints_world: Array, rate_hz: float, share: float) -> Mask:
    """[T] true in whole stretches of eight seconds, `share` of them: those whose joints [T, N, 3] m move farthest."""
    length = max(1, round(STRETCH_S * rate_hz))
    stretches = np.arange(len(joints_world)) // length
    count = int(stretches[-1]) + 1
    if share >= 1.0 or count < 2:
        return np.ones(len(joints_world), bool)
    centred = joints_world - joints_world[:, :1]
    moved = np.linalg.norm(np.diff(centred, axis=0, prepend=centred[:1]), axis=-1).sum(axis=1)
    amount = np.bincount(stretches, moved, minlength=count) / np.bincount(stretches, minlength=count)
    kept = np.argsort(-amount, kind="stable")[: max(1, round(share * count))]
    return np.isin(stretches, kept)
