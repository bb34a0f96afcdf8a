"""Where somebody should look before using a motion, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Mask
from ..filters import gaussian_smoothed
from ..motion import Motion
from ..skeleton import BODY_JOINT_COUNT
from .measures import Posed, reprojection_by_frame

_UNSEEN_S = 0.25            # a shorter gap is bridged well
_OFF_SHARE = 0.05           # of the person's height in the picture
_MOST_M_S2 = 250.0         # of any joint: boxers' fists reach 200
_LEAST_S = 0.1
_JOINED_S = 0.5             # stretches nearer to each other are one
MOST = 12                   # stretches, the longest


@dataclass(frozen=True)
class Stretch:
    """From one time of the footage to another."""

    from_s: float
    to_s: float
    why: str


def frames_to_check(motion: Motion, body: Posed) -> list[Stretch]:
    """At most MOST stretches, in the order of time."""
    rate = float(motion.rate)
    off = np.nan_to_num(gaussian_smoothed(reprojection_by_frame(motion, body), rate, 0.1))
    found = [
        *_stretches(motion, ~motion.seen, _UNSEEN_S, "not seen"),
        *_stretches(motion, off > _OFF_SHARE, _LEAST_S, "off the footage"),
        *_stretches(motion, _jerked(body.joints_world[:, :BODY_JOINT_COUNT], rate), 0.0, "a jump"),
    ]
    longest = sorted(found, key=lambda stretch: stretch.from_s - stretch.to_s)[:MOST]
    return sorted(longest, key=lambda stretch: stretch.from_s)


def _jerked(joints: Array, rate: float) -> Mask:
    """[T] where a joint accelerates as nobody can."""
    jerked = np.zeros(len(joints), dtype=bool)
    if len(joints) >= 3:
        jerked[1:-1] = (np.linalg.norm(np.diff(joints, 2, axis=0), axis=-1) * rate**2 > _MOST_M_S2).any(axis=1)
    return jerked


def _stretches(motion: Motion, where: Mask, least_s: float, why: str) -> list[Stretch]:
    rate, times_s = float(motion.rate), motion.times_s
    frames = np.flatnonzero(where)
    if len(frames) == 0:
        return []
    groups = np.split(frames, np.flatnonzero(np.diff(frames) > _JOINED_S * rate) + 1)
    return [Stretch(float(times_s[group[0]]), float(times_s[group[-1]]), why)
            for group in groups if len(group) >= least_s * rate]  # fmt: skip
