"""A motion at another rate."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from .arrays import Array
from .hypotheses.choice import Choice
from .motion import Camera, Motion
from .rotations import axis_angle_from_matrix, interpolate_rotations, matrix_from_axis_angle


def resampled(motion: Motion, rate: Fraction) -> Motion:
    """The same seconds at `rate` frames a second: rotations along shortest arcs, the rest linear.

    The first frame stays where it is in time; the last one lies at or just before the old end.
    """
    if rate == motion.rate or motion.frame_count == 0:
        return replace(motion, rate=rate)
    times_s = np.arange(motion.frame_count) / float(motion.rate)
    # A millionth of a frame over the end still counts, since 1 / rate is rounded.
    count = int(np.floor(times_s[-1] * float(rate) + 1e-6)) + 1
    wanted_s = np.minimum(np.arange(count) / float(rate), times_s[-1])

    def linear(values: Array) -> Array:
        return interpolate_linear(values, times_s, wanted_s)

    def nearest(values: Array) -> Array:
        return values[np.clip(np.rint(wanted_s * float(motion.rate)).astype(int), 0, motion.frame_count - 1)]

    return replace(
        motion,
        rate=rate,
        R_parent_from_joint=interpolate_rotations(motion.R_parent_from_joint, times_s, wanted_s),
        root_world=linear(motion.root_world),
        seen=nearest(motion.seen),
        confidence=linear(motion.confidence),
        contacts=linear(motion.contacts),
        cameras=tuple(_resampled_camera(camera, times_s, wanted_s) for camera in motion.cameras),
        hypotheses=_resampled_hypotheses(motion.hypotheses, times_s, wanted_s),
        hypotheses_root=np.swapaxes(linear(np.swapaxes(motion.hypotheses_root, 0, 1)), 0, 1),
        choices=tuple(_resampled_choice(choice, float(rate / motion.rate), count) for choice in motion.choices),
        spread_m=linear(motion.spread_m),
        raw=None if motion.raw is None else resampled(motion.raw, rate),
    )


def interpolate_linear(values: Array, times_s: Array, wanted_s: Array) -> Array:
    """Values [T, ...] at times_s [T] taken at wanted_s [N]; NaN on either side gives NaN, ends are held."""
    if len(times_s) == 1:
        return np.repeat(values, len(wanted_s), axis=0)
    after = np.clip(np.searchsorted(times_s, wanted_s), 1, len(times_s) - 1)
    share = np.clip((wanted_s - times_s[after - 1]) / (times_s[after] - times_s[after - 1]), 0.0, 1.0)
    share = share.reshape((-1,) + (1,) * (np.ndim(values) - 1))
    # A neighbour that has no share must not bring its NaN in.
    before_part = np.where(share < 1.0, values[after - 1], 0.0) * (1.0 - share)
    return before_part + np.where(share > 0.0, values[after], 0.0) * share


def _resampled_camera(camera: Camera, times_s: Array, wanted_s: Array) -> Camera:
    return replace(
        camera,
        K=interpolate_linear(camera.K, times_s, wanted_s),
        R_camera_from_world=interpolate_rotations(camera.R_camera_from_world, times_s, wanted_s),
        t_camera_from_world=interpolate_linear(camera.t_camera_from_world, times_s, wanted_s),
        landmarks_px=interpolate_linear(camera.landmarks_px, times_s, wanted_s),
        scores=interpolate_linear(camera.scores, times_s, wanted_s),
    )


def _resampled_choice(choice: Choice, factor: float, frame_count: int) -> Choice:
    first, last = (min(round(frame * factor), frame_count - 1) for frame in (choice.first, choice.last))
    return replace(choice, first=first, last=last)


def _resampled_hypotheses(hypotheses: Array, times_s: Array, wanted_s: Array) -> Array:
    if len(hypotheses) == 0:
        return np.zeros((0, len(wanted_s)) + hypotheses.shape[2:])
    R = matrix_from_axis_angle(np.swapaxes(hypotheses, 0, 1))
    return np.swapaxes(axis_angle_from_matrix(interpolate_rotations(R, times_s, wanted_s)), 0, 1)
