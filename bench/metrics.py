"""The field's measures, as the published evaluations define them (units in the names).

Points are [T, J, 3] in metres; `truth` and `estimate` share frames, joints and, unless said, the camera's frame.
"""

from __future__ import annotations

import numpy as np

from motion.arrays import Array, Mask
from motion.landmarks import LANDMARK_NAMES, LIMB_LANDMARKS

RATE = 30.0                     # measures over time are taken after resampling to this rate
STILL_STEP_M = 0.01             # a point of the truth that moves less from frame to frame at RATE is planted
LEFT_RIGHT = np.array([1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10])   # of the 12 limb joints, which come in pairs
HIPS = (6, 7)                   # among the 12 limb joints
LIMB_NAMES = tuple(LANDMARK_NAMES[landmark] for landmark in LIMB_LANDMARKS)


def mpjpe_mm(estimate: Array, truth: Array) -> float:
    """Mean joint distance after putting the middles of the hips onto each other."""
    return _distance_mm(_about(estimate, HIPS), _about(truth, HIPS))


def per_joint_mm(estimate: Array, truth: Array) -> dict[str, float]:
    """The same of each of the 12 limb joints, by its name."""
    distances = np.linalg.norm(_about(estimate, HIPS) - _about(truth, HIPS), axis=-1).mean(axis=0)
    return {name: 1000.0 * float(distance) for name, distance in zip(LIMB_NAMES, distances, strict=True)}


def centroid_mpjpe_mm(estimate: Array, truth: Array) -> float:
    """Mean joint distance after putting the means of all joints onto each other."""
    return _distance_mm(_about(estimate), _about(truth))


def pa_mpjpe_mm(estimate: Array, truth: Array) -> float:
    """Mean joint distance after the best similarity of every frame (Umeyama 1991, no reflection)."""
    return _distance_mm(similarity_aligned(estimate, truth), truth)


def similarity_aligned(estimate: Array, truth: Array) -> Array:
    """`estimate` moved onto `truth` by rotation, scale and shift, frame by frame, [T, J, 3]."""
    a, b = _about(estimate), _about(truth)
    U, s, Vt = np.linalg.svd(np.einsum("tji,tjk->tik", a, b))
    sign = np.ones_like(s)
    sign[:, 2] = np.sign(np.linalg.det(U) * np.linalg.det(Vt))
    R = np.einsum("tij,tj,tjk->tik", U, sign, Vt)
    scale = (s * sign).sum(axis=1) / (a**2).sum(axis=(1, 2))
    return scale[:, None, None] * np.einsum("tji,tik->tjk", a, R) + truth.mean(axis=1, keepdims=True)


def acceleration_error_m_s2(estimate: Array, truth: Array) -> float:
    """Mean distance of the second differences of hip-centred joints at RATE."""
    difference = np.diff(_about(estimate, HIPS), 2, axis=0) - np.diff(_about(truth, HIPS), 2, axis=0)
    return float(np.linalg.norm(difference, axis=-1).mean() * RATE**2)


def jitter_10m_s3(points_world: Array) -> float:
    """Mean length of the third differences in the world at RATE, in units of 10 m/s^3."""
    return float(np.linalg.norm(np.diff(points_world, 3, axis=0), axis=-1).mean() * RATE**3 / 10.0)


def foot_sliding_mm(feet_world: Array, truth_feet: Array) -> float | None:
    """Mean step of the estimated foot points between frames at RATE in which the true ones stand still."""
    planted = np.linalg.norm(np.diff(truth_feet, axis=0), axis=-1) < STILL_STEP_M
    steps = np.linalg.norm(np.diff(feet_world, axis=0), axis=-1)
    return 1000.0 * float(steps[planted].mean()) if planted.any() else None


def penetration_mm(soles_world: Array) -> float:
    """Mean depth of sole points under the floor over all frames; those above count as zero."""
    return 1000.0 * float(np.maximum(0.0, -soles_world[..., 2]).mean())


def floating_mm(soles_world: Array, planted: Mask) -> float | None:
    """Mean height of sole points [T, S, 3] on the frames [T, S] in which the truth is planted."""
    return 1000.0 * float(soles_world[..., 2][planted].mean()) if planted.any() else None


def swapped_share(estimate: Array, truth: Array) -> float:
    """Share of frames in which exchanging left and right in all six pairs lowers the centroid-aligned error."""
    as_is = np.linalg.norm(_about(estimate) - _about(truth), axis=-1).mean(axis=1)
    exchanged = np.linalg.norm(_about(estimate[:, LEFT_RIGHT]) - _about(truth), axis=-1).mean(axis=1)
    return float((exchanged < as_is).mean())


def planted(points_world: Array) -> Mask:
    """[T, S] where points [T, S, 3] of the truth stand still, by the step to the next frame at RATE."""
    still = np.linalg.norm(np.diff(points_world, axis=0), axis=-1) < STILL_STEP_M
    return np.concatenate([still, still[-1:]])


def at_rate(points: Array, times_s: Array) -> Array:
    """Points [T, ...] at times_s [T] taken at RATE, linearly."""
    wanted_s = np.arange(times_s[0], times_s[-1] + 1e-9, 1.0 / RATE)
    flat = points.reshape(len(points), -1)
    columns = [np.interp(wanted_s, times_s, column) for column in flat.T]
    return np.stack(columns, axis=1).reshape((len(wanted_s),) + points.shape[1:])


def _about(points: Array, joints: tuple[int, ...] | None = None) -> Array:
    middle = points if joints is None else points[:, joints]
    return points - middle.mean(axis=1, keepdims=True)


def _distance_mm(estimate: Array, truth: Array) -> float:
    return 1000.0 * float(np.linalg.norm(estimate - truth, axis=-1).mean())
