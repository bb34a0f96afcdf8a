"""Where sampled poses stand, so that they fall onto the picture where the lift does."""

from __future__ import annotations

import numpy as np

from backend.lift.lift import Lift
from backend.lift.refine.trust import trust_in
from backend.lift.refine.turned import bones_of, turned
from motion.arrays import Array
from motion.filters import gaussian_smoothed

_SMOOTHING_S = 0.1
_DEPTH_SIGMA_M = 0.15     # of the lift, along the viewing ray
_NEAREST_M = 0.3


def roots_of(lift: Lift, turns_rad: Array) -> Array:
    """The pelvis [N, T, 3] m of samples whose joints are turned by turns_rad [N, T, 22, 3].

    In every frame the place at which landmark points lie, by least squares, where the lift's own points lie in the
    picture. The lift is near to the landmarks already and trembles less than they do.
    """
    bones, certainty = bones_of(lift, slice(None)), certainty_of(lift)
    still = np.zeros_like(bones.root)
    wanted = turned(bones, np.zeros_like(turns_rad[0]), still).points
    roots = np.empty((*turns_rad.shape[:2], 3))
    for root, turns in zip(roots, turns_rad, strict=True):   # all of a long clip at once would fill the memory
        shift = _least_shift(turned(bones, turns, still).points, wanted, certainty)
        root[:] = lift.root_camera + gaussian_smoothed(shift, lift.track.rate, _SMOOTHING_S)
    return roots


def certainty_of(lift: Lift) -> Array:
    """[T, 33] 1/m^2 of where landmarks are seen, at the person's depth."""
    px_a_metre = 0.5 * (lift.K[0, 0] + lift.K[1, 1]) / np.maximum(lift.root_camera[:, 2:], _NEAREST_M)
    return (trust_in(lift).sigma_px / px_a_metre) ** -2.0


def _least_shift(points: Array, wanted: Array, certainty: Array) -> Array:
    """[T, 3] m by which points [T, P, 3] fall best onto where wanted [T, P, 3] are seen.

    Linear in the shift: (x + s_x) - (z + s_z) x'/z' = 0 for a point seen at x'/z', and the same in y.
    """
    flat = wanted[..., :2] / np.maximum(wanted[..., 2:], _NEAREST_M)
    off = points[..., :2] - points[..., 2:] * flat
    first = np.einsum("tp,tpc->tc", certainty, flat)
    A = np.zeros((len(flat), 3, 3))
    A[:, 0, 0] = A[:, 1, 1] = certainty.sum(-1)
    A[:, :2, 2] = A[:, 2, :2] = -first
    A[:, 2, 2] = np.einsum("tp,tpc,tpc->t", certainty, flat, flat) + _DEPTH_SIGMA_M**-2.0
    right = np.empty((len(flat), 3))
    right[:, :2] = -np.einsum("tp,tpc->tc", certainty, off)
    right[:, 2] = np.einsum("tp,tpc,tpc->t", certainty, off, flat)
    return np.linalg.solve(A, right[..., None])[..., 0]
