"""Where sampled poses stand, so that they fall onto the picture where the lift does."""

from __future__ import annotations

from dataclasses import dataclass

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
    pictures. The lift is near to the landmarks already and trembles less than they do.
    """
    bones, sights = bones_of(lift, slice(None)), _sights(lift)
    still = np.zeros_like(bones.root)
    wanted = turned(bones, np.zeros_like(turns_rad[0]), still).points
    roots = np.empty((*turns_rad.shape[:2], 3))
    for root, turns in zip(roots, turns_rad, strict=True):   # all of a long clip at once would fill the memory
        shift = _least_shift(turned(bones, turns, still).points, wanted, sights)
        root[:] = lift.root_camera + gaussian_smoothed(shift, lift.track.rate, _SMOOTHING_S)
    return roots


def certainty_of(lift: Lift) -> Array:
    """[T, 33] 1/m^2 of where landmarks are seen, at the person's depth."""
    return _certainty(trust_in(lift).sigma_px, lift.root_camera, lift.K)


def _certainty(sigma_px: Array, root: Array, K: Array) -> Array:
    px_a_metre = 0.5 * (K[0, 0] + K[1, 1]) / np.maximum(root[:, 2:], _NEAREST_M)
    return (sigma_px / px_a_metre) ** -2.0


@dataclass(frozen=True, eq=False)
class _Sight:
    """A camera from which somebody is seen."""

    certainty: Array            # [T, 33] 1/m^2
    R_view_from_camera: Array   # [3, 3] from the lift's own camera
    t_view_from_camera: Array   # [3] m

    def in_view(self, points: Array) -> Array:
        return points @ self.R_view_from_camera.T + self.t_view_from_camera


def _sights(lift: Lift) -> list[_Sight]:
    others = [_Sight(_certainty(view.sigma_px, view.in_view(lift.root_camera), view.K), view.R_view_from_camera,
                     view.t_view_from_camera) for view in trust_in(lift).others]  # fmt: skip
    return [_Sight(certainty_of(lift), np.eye(3), np.zeros(3)), *others]


def _least_shift(points: Array, wanted: Array, sights: list[_Sight]) -> Array:
    """[T, 3] m by which points [T, P, 3] fall best onto where wanted [T, P, 3] are seen.

    The first camera's word of the distance is the lift's own.
    """
    A, right = np.zeros((len(points), 3, 3)), np.zeros((len(points), 3))
    A[:, 2, 2] = _DEPTH_SIGMA_M**-2.0
    for sight in sights:
        R = sight.R_view_from_camera
        A_view, right_view = _told(sight.in_view(points), sight.in_view(wanted), sight.certainty)
        A += R.T @ A_view @ R
        right += right_view @ R
    return np.linalg.solve(A, right[..., None])[..., 0]


def _told(points: Array, wanted: Array, certainty: Array) -> tuple[Array, Array]:
    """A [T, 3, 3] and b [T, 3] of the least squares A s = b that one camera tells of the shift, in its own axes.

    Linear in the shift: (x + s_x) - (z + s_z) x'/z' = 0 for a point seen at x'/z', and the same in y.
    """
    flat = wanted[..., :2] / np.maximum(wanted[..., 2:], _NEAREST_M)
    off = points[..., :2] - points[..., 2:] * flat
    first = np.einsum("tp,tpc->tc", certainty, flat)
    A = np.zeros((len(flat), 3, 3))
    A[:, 0, 0] = A[:, 1, 1] = certainty.sum(-1)
    A[:, :2, 2] = A[:, 2, :2] = -first
    A[:, 2, 2] = np.einsum("tp,tpc,tpc->t", certainty, flat, flat)
    right = np.empty((len(flat), 3))
    right[:, :2] = -np.einsum("tp,tpc->tc", certainty, off)
    right[:, 2] = np.einsum("tp,tpc,tpc->t", certainty, off, flat)
    return A, right
