"""The few distinct ways in which samples of a limb differ from the main motion for a while."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.arrays import Array, Mask
from motion.hypotheses.to_check import CARES_M

_LEAST_SHARE = 0.05
_MOST = 3            # beside the main motion
_COUNTS = 0.5        # of the mean weight of a mode's members has who may stand for it


@dataclass(frozen=True, eq=False)
class Mode:
    """Samples that are nearer to one of them than to the main motion and to the other modes."""

    sample: int       # the one in their middle
    members: Mask     # [N]
    share: float      # their part of all weights


def modes_of(offsets_m: Array, weights: Array) -> list[Mode]:
    """Modes of N samples by their mean offsets [N, A, 3] m from the main motion over a stretch, weights [N].

    Medoids about which the samples lie closest, the main motion being one of them: found one after the other, each the
    one that brings the samples nearest to their medoid. Two are at least as far apart as an artist cares about.
    """
    between = _apart(offsets_m[:, None], offsets_m[None])
    from_main = _apart(offsets_m, np.zeros_like(offsets_m))
    medoids: list[int] = []
    while len(medoids) < _MOST:
        nearest = np.min([from_main, *between[medoids]], axis=0)
        gain = np.maximum(nearest[None] - between, 0.0) @ weights
        gain[nearest < CARES_M] = 0.0
        best = int(np.argmax(gain))
        if gain[best] <= 0.0:
            break
        medoids.append(best)
    return _settled(between, from_main, weights, medoids)


def _settled(between: Array, from_main: Array, weights: Array, medoids: list[int]) -> list[Mode]:
    """Each sample joins its nearest medoid, the most central member takes its place; modes of too few are dropped."""
    nearest = np.argmin([from_main, *between[medoids]], axis=0) - 1
    modes = []
    for number in range(len(medoids)):
        members = nearest == number
        share = min(1.0, float(weights[members].sum() / weights.sum()))
        if share >= _LEAST_SHARE:
            modes.append(Mode(_most_central(between, weights, members), members, share))
    return modes


def _most_central(between: Array, weights: Array, members: Mask) -> int:
    within = between @ (weights * members)
    counts = members & (weights >= _COUNTS * weights[members].mean())
    return int(np.argmin(np.where(counts, within, np.inf)))


def _apart(one: Array, other: Array) -> Array:
    """[...] m by offsets [..., A, 3]: as far as the joint that is farthest."""
    return np.linalg.norm(one - other, axis=-1).max(axis=-1)
