"""What made-up motion must obey: joint limits, no body through itself, balance, soles on the floor, no sliding.

Limits and depths are fitted on people of the training split only, and so were the tolerances below chosen: a fifth of
those people was left out of a fit and measured by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np

from backend.train.motions.still import SHORTEST_S, still_labels
from backend.train.motions.training_clip import RATE_HZ, TrainingClip
from backend.train.variety.balance import outside_support, slow
from backend.train.variety.figure import Figure
from backend.train.variety.limits import JointLimits, fitted_limits
from backend.train.variety.piercing import Piercing, fitted_piercing
from motion.arrays import Array, Mask
from motion.contacts.believe import STILL_POINTS
from motion.runs import runs

SLIDE_M = 0.003  # a planted point moves less than that from frame to frame
DEEPEST_M = 0.005  # soles below the floor
STRANGE = 1.5  # times the limit: people left out go so far beyond in one frame of ten
_STRANGE_SHARE = 0.04  # of the frames, at most
_PIERCING_SHARE = 0.02  # as of the people left out: 0.023 of their frames
# Nine of ten recorded frames of slow motion are within; the others lean on things that were not recorded.
_OUTSIDE_M, _FALLING_S = 0.03, 0.4
_STEP = 3  # of every three frames one is looked at for limits
_FASTEST_M_S = 10.0  # of any joint; toes of recorded kicks reach 12, of flips 18, and nothing made is as fast
_IS_SOLE = np.array([not name.endswith("palm") for name in STILL_POINTS])


@dataclass(frozen=True, eq=False)
class Rules:
    """Fitted on recordings; says what is wrong with a clip."""

    limits: JointLimits
    piercing: Piercing

    def faults(self, clip: TrainingClip, stands: bool = True, strange: float = STRANGE) -> tuple[str, ...]:
        """What is wrong, in words; nothing for good motion. `stands`: nothing but the floor carries the body."""
        figure = Figure(clip.rest_joints)
        R_world, joints = figure.posed(clip.R_parent_from_joint, clip.root_world)
        points = figure.touching_world(R_world, joints)
        wrong = {
            "limits": np.mean(self.strange(clip.R_parent_from_joint[::_STEP], strange)) > _STRANGE_SHARE,
            "piercing": np.mean(self.piercing.too_deep(figure, joints[::_STEP]) > 0.0) > _PIERCING_SHARE,
            "balance": stands and falls(figure, R_world, joints),
            "leaping": len(joints) > 1
            and np.linalg.norm(np.diff(joints, axis=0), axis=-1).max() * RATE_HZ > _FASTEST_M_S,
            "floor": points[:, _IS_SOLE, 2].min() < -DEEPEST_M,
            "sliding": slides_m(points, clip.still) > SLIDE_M,
        }
        return tuple(name for name, is_wrong in wrong.items() if is_wrong)

    def strange(self, R_parent_from_joint: Array, times: float = STRANGE) -> Mask:
        """Frames [T] with a joint that many times beyond its limits."""
        return (self.limits.beyond(R_parent_from_joint) > times).any(axis=1)


def fitted_rules(clips: Sequence[TrainingClip], rng: np.random.Generator) -> Rules:
    """Rules from recorded clips, of the training split only."""
    recorded = [clip for clip in clips if clip.origin.split == "train" and clip.origin.source != "made"]
    return Rules(fitted_limits(recorded, rng), fitted_piercing(recorded))


def falls(figure: Figure, R_world_from_joint: Array, joints_world: Array) -> bool:
    """Whether the body hangs outside of its support while it moves slowly, for longer than a moment."""
    outside = (outside_support(figure, R_world_from_joint, joints_world) > _OUTSIDE_M) & slow(joints_world)
    return any(end - start > _FALLING_S * RATE_HZ for start, end in runs(outside))


def slides_m(points_world: Array, still: Mask) -> float:
    """The farthest that a still sole [T, 6] moved from one frame to the next, m."""
    both = (still[1:] & still[:-1])[:, _IS_SOLE]
    moved = np.linalg.norm(np.diff(points_world, axis=0), axis=-1)[:, _IS_SOLE]
    return float(moved[both].max(initial=0.0))


def resting(points_world: Array) -> Mask:
    """Still labels [T, 6] of made-up motion: still as in recordings, and not even creeping."""
    creeping = np.linalg.norm(np.gradient(points_world, axis=0), axis=-1) > 0.7 * SLIDE_M
    steps = np.linalg.norm(np.diff(points_world, axis=0), axis=-1) > 0.9 * SLIDE_M
    leaps = np.concatenate([steps, steps[-1:]]) | np.concatenate([steps[:1], steps])
    still = still_labels(points_world, RATE_HZ) & ~creeping & ~leaps
    for label in still.T:
        for start, end in runs(label):
            label[start:end] = end - start >= SHORTEST_S * RATE_HZ
    return still
