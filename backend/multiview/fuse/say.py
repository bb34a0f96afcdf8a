"""How much each camera's own lift says of a joint at a time: smooth, also where somebody enters or leaves a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.lift.lift import Lift
from motion.arrays import Array, Mask
from motion.filters import gaussian_smoothed

_FADE_S = 0.3          # over which a view's say grows once it sees the person
_BRIDGED_S = 0.25      # a view that loses the person for so short a time keeps its say
_MEMORY_S = 0.15       # with which the little say of a view that sees nobody is lost
_LITTLE = 1e-3         # of it, so that some view always has one
_LEAST = 1e-9
_USUAL_TURN_RAD = 0.2
_SMOOTHED_S = 0.1


def says(lifts: Sequence[Lift]) -> Array:
    """[V, T, 22] of the orientations of body joints: 1 / rad^2, less where a view hardly sees the person."""
    return np.stack([seeing(lift)[:, None] * gaussian_smoothed(_certainty(lift), lift.track.rate, _SMOOTHED_S)
                     for lift in lifts])  # fmt: skip


def seeing(lift: Lift) -> Array:
    """[T] 0..1 whether a view sees the person, faded in and out; never zero."""
    inside_s, outside_s = _seconds_to_change(lift.track.seen, lift.track.rate)
    faded = np.clip((inside_s - 1.0 / lift.track.rate) / _FADE_S, 0.0, 1.0)
    return faded**2 * (3.0 - 2.0 * faded) + np.maximum(_LEAST, _LITTLE * np.exp(-outside_s / _MEMORY_S))


def _certainty(lift: Lift) -> Array:
    """[T, 22]."""
    if lift.beliefs is None:
        return np.full((len(lift.root_camera), 22), _USUAL_TURN_RAD**-2.0)
    return lift.beliefs.sigma_rotation_rad**-2.0


def _seconds_to_change(seen: Mask, rate: float) -> tuple[Array, Array]:
    """[T] of each frame to where it stops to be seen, and to where it is seen; 0 on the other side."""
    frames = np.arange(len(seen))
    seen_at = np.flatnonzero(seen)
    if len(seen_at) == 0:
        return np.zeros(len(seen)), np.full(len(seen), np.inf)
    before = seen_at[np.clip(np.searchsorted(seen_at, frames, side="right") - 1, 0, len(seen_at) - 1)]
    after = seen_at[np.clip(np.searchsorted(seen_at, frames), 0, len(seen_at) - 1)]
    bridged = (before <= frames) & (frames <= after) & (after - before <= _BRIDGED_S * rate)
    return np.where(bridged, _frames_to(~bridged), 0.0) / rate, _frames_to(seen) / rate


def _frames_to(wanted: Mask) -> Array:
    """[T] to the nearest frame that is wanted; infinite where none is. The clip's own ends are none."""
    at, frames = np.flatnonzero(wanted), np.arange(len(wanted))
    if len(at) == 0:
        return np.full(len(wanted), np.inf)
    after = np.searchsorted(at, frames)
    around = at[np.clip([after - 1, after], 0, len(at) - 1)]
    return np.abs(around - frames).min(axis=0)
