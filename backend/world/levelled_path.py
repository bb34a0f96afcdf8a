"""A camera's path whose summed turns have drifted in pitch and roll, held level by what a network says of gravity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.lift.lift import Lift
from motion.arrays import Array
from motion.resample import interpolate_linear
from motion.rotations import matrix_from_axis_angle

_KNOT_S = 3.0            # from one knot to the next; a network's errors so far apart are hardly the same
_OWN, _COMMON = 0.4, 0.5  # shares of a network's doubt: of one knot, and of all knots together
_LEAST_DRIFT_RAD = np.deg2rad(0.1)


def levelled_path(camera: CameraPath, lifts: list[Lift], up: Array) -> CameraPath:
    """The path with turns about level axes, slowly varying and none at the first time, that hold it upright.

    `up` [3] in the first camera's axes. As little is turned as turn_sigma_rad lets the path drift: a camera that
    stands, or is surely followed, stays as it is.
    """
    drift_rad = camera.drift_rad()
    told = [lift for lift in lifts if lift.beliefs is not None]
    if camera.kind == "static" or not told or drift_rad[-1] < _LEAST_DRIFT_RAD:
        return camera
    length_s = camera.times_s[-1] - camera.times_s[0]
    knots_s = camera.times_s[0] + np.linspace(0.0, length_s, max(2, round(length_s / _KNOT_S) + 1))
    information, right = _of_walk(np.interp(knots_s, camera.times_s, drift_rad**2))
    for lift in told:
        _add_gravity(information, right, lift, camera, knots_s, up)
    turns = np.linalg.solve(information, right)[: len(knots_s)]
    R_level = matrix_from_axis_angle(interpolate_linear(turns, knots_s, camera.times_s))
    return replace(camera, R_first_from_camera=R_level @ camera.R_first_from_camera)


def _of_walk(variances: Array) -> tuple[Array, Array]:
    """Normal equations of turns [K, 3] that begin at none and walk as variances [K] rad² grow.

    The last row and column are of what all that is said of gravity errs by together.
    """
    count = len(variances)
    information, right = np.zeros((count + 1, count + 1)), np.zeros((count + 1, 3))
    information[0, 0] = _LEAST_DRIFT_RAD**-2 * 1e6
    step = np.diff(np.eye(count), axis=0)
    information[:count, :count] += (step.T / np.maximum(np.diff(variances), 1e-12)) @ step
    return information, right


def _add_gravity(
    information: Array, right: Array, lift: Lift, camera: CameraPath, knots_s: Array, up: Array
) -> None:
    """Add what a network says between knots [K]: by which turns its up would be the whole shot's."""
    beliefs, seen = lift.beliefs, lift.track.seen
    R_first_from_camera = camera.at(lift.track.times_s[seen]).R_first_from_camera
    ups = -np.einsum("tij,tj->ti", R_first_from_camera, beliefs.down_camera[seen])
    turns, weights = np.cross(ups, up), beliefs.down_sigma_rad[seen] ** -2
    nearest = np.abs(lift.track.times_s[seen, None] - knots_s).argmin(axis=1)
    total, frames = (np.bincount(nearest, values, len(knots_s)) for values in (weights, np.ones(len(weights))))
    for knot in np.flatnonzero(frames):
        of_knot = nearest == knot
        mean = weights[of_knot] @ turns[of_knot] / total[knot]
        # However many frames a knot has, they say one thing.
        weight = total[knot] / frames[knot] / _OWN**2
        for i, j in ((knot, knot), (knot, -1), (-1, knot), (-1, -1)):
            information[i, j] += weight
        right[knot] += weight * mean
        right[-1] += weight * mean
    information[-1, -1] += np.mean(weights) / _COMMON**2
