"""A lift brought nearer to the landmarks in the picture, over the whole clip at once.

Damped Gauss-Newton. Unknown are smooth corrections of the orientations of the body's parts and of its place: bones
keep their length, fingers their pose, and fast detail stays the lifter's. What the lifter made is the prior. Where
several cameras saw the person, the landmarks of all of them count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from backend.lift.lift import Lift
from backend.lift.refine.bends import hinges_of
from backend.lift.refine.correction import SHIFT, UNKNOWN_COUNT, joint_turns
from backend.lift.refine.cost import Cost, least_costly
from backend.lift.refine.knots import Knots
from backend.lift.refine.settings import RefineSettings
from backend.lift.refine.terms import Bends, Prior
from backend.lift.refine.trust import Trust
from backend.lift.refine.turned import bones_of, with_turns
from backend.lift.refine.views import landmarks_of
from motion.arrays import Array, handed_over

# Memory is that of one window; errors are forgotten within far less than the overlap.
_WINDOW_S, _OVERLAP_S = 20.0, 2.0


def refine(lift: Lift, trust: Trust, settings: RefineSettings) -> Lift:
    """The lift with what the landmarks say of it; unchanged where that does not lower the cost."""
    correction = correction_of(lift, trust, settings)
    return replace(lift, R_parent_from_joint=handed_over(with_turns(lift, joint_turns(correction))),
                   root_camera=lift.root_camera + correction[:, SHIFT])  # fmt: skip


def correction_of(lift: Lift, trust: Trust, settings: RefineSettings) -> Array:
    """[T, UNKNOWN_COUNT], window by window, each faded into the next."""
    frames, rate = len(lift.root_camera), lift.track.rate
    total, weights = np.zeros((frames, UNKNOWN_COUNT)), np.zeros((frames, 1))
    overlap = max(1, round(_OVERLAP_S * rate))
    for window in windows(frames, max(2 * overlap, round(_WINDOW_S * rate)), overlap):
        cost = cost_of_frames(lift, trust, settings, window)
        correction = cost.knots.values(least_costly(cost, settings.rounds))
        fade = _fade(len(correction), overlap)
        total[window] += fade * correction
        weights[window] += fade
    return total / weights


def windows(frames: int, length: int, overlap: int) -> Iterator[slice]:
    """Stretches of at most `length` frames, each sharing `overlap` with the next, that cover all of them."""
    start = 0
    while True:
        yield slice(start, min(start + length, frames))
        if start + length >= frames:
            return
        start += length - overlap


def _fade(frames: int, overlap: int) -> Array:
    """Weights [T, 1] that rise and fall over the overlap, more than zero."""
    from_start = np.arange(1.0, frames + 1.0)
    return np.minimum(1.0, np.minimum(from_start, from_start[::-1]) / (overlap + 1.0))[:, None]


def cost_of_frames(lift: Lift, trust: Trust, settings: RefineSettings, frames: slice) -> Cost:
    """What correcting some frames costs."""
    of_frames, frame_s = trust.during(frames), 1.0 / lift.track.rate
    bones = bones_of(lift, frames)
    return Cost(
        bones=bones,
        knots=Knots(len(bones.root), max(1, round(settings.knots_s / frame_s))),
        landmarks=landmarks_of(of_frames, lift.K, frame_s, settings),
        bends=Bends.trusted(hinges_of(lift, frames), frame_s, settings),
        prior=Prior.trusted(of_frames, bones.root, frame_s, settings),
    )
