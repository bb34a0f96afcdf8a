"""Samples brought onto the landmarks, each about its own pose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.interpolate import make_interp_spline

from backend.hypotheses.samples import Samples
from backend.lift.refine.correction import SHIFT, joint_turns
from backend.lift.refine.refine import correction_of
from backend.lift.refine.settings import RefineSettings
from backend.lift.refine.trust import trust_in
from motion.arrays import Array
from motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle

_RATE_HZ = 15.0   # at which it is computed: what it corrects has a knot every 0.2 s


def fitted(samples: Samples, settings: RefineSettings) -> Samples:
    """The samples after the refinement that the lift had, with each sample as what is about right.

    What is seen is then nearly as near to the landmarks as the lift is, and what is not seen stays the sample's.
    """
    if settings.rounds == 0:
        return samples
    every = max(1, round(samples.lift.track.rate / _RATE_HZ))
    few = samples.during(slice(None, None, every))
    trust = trust_in(few.lift)
    turns_rad, roots = np.empty_like(samples.turns_rad), np.array(samples.root_camera)
    for number, turns in enumerate(samples.turns_rad):
        correction = _on_all_frames(correction_of(few.lift_of(number), trust, settings), every, len(turns))
        R = matrix_from_axis_angle(joint_turns(correction)) @ matrix_from_axis_angle(turns)
        turns_rad[number] = axis_angle_from_matrix(R)
        roots[number] += correction[:, SHIFT]
    return replace(samples, turns_rad=turns_rad, root_camera=roots)


def _on_all_frames(values: Array, every: int, frames: int) -> Array:
    """Values [M, C] of every n-th frame on all frames [T, C], by cubic splines; the end is held."""
    at = every * np.arange(len(values))
    if len(at) == 1:
        return np.repeat(values, frames, axis=0)
    return make_interp_spline(at, values, k=min(3, len(at) - 1))(np.minimum(np.arange(frames), at[-1]))
