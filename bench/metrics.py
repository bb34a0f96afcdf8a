"""The field's measures, as the published evaluations define them (units in the names).

Points are [T, J, 3] in metres; `truth` and `estimate` share frames, joints and, unless said, the camera's frame.
"""

from __future__ import annotations

import numpy as np

from motion.arrays import Array, Mask
from motion.landmarks import LANDMARK_NAMES, LIMB_LANDMARKS

RATE = 30.0                     # measures over time are taken after resampling to this rate
CHUNK = 100                     # frames at RATE over which drift of a world may add up
LEAST_PATH_M = 3.0              # shorter paths are no measure of drift
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


def sliding_beyond_truth_mm(feet_world: Array, truth_feet: Array) -> float | None:
    """How much more the estimated foot points step than the true ones, on the frames of foot_sliding_mm.

    Recorded feet that stand move by millimetres themselves; less than they do is negative.
    """
    slid, own = foot_sliding_mm(feet_world, truth_feet), foot_sliding_mm(truth_feet, truth_feet)
    return None if slid is None or own is None else slid - own


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


def wa_mpjpe100_mm(estimate: Array, truth: Array) -> float:
    """Mean joint distance in the world, every CHUNK frames after one similarity of all their joints.

    As published (WHAM, Shin et al. 2024; GVHMR, Shen et al. 2024): with scale, the last chunk shorter, frames pooled.
    """
    return _chunked_mm(estimate, truth, CHUNK)


def w_mpjpe100_mm(estimate: Array, truth: Array) -> float:
    """The same with the similarity of the first two frames of every chunk alone, so that drift counts (ibid.)."""
    return _chunked_mm(estimate, truth, 2)


def rte_percent(root: Array, truth_root: Array) -> float | None:
    """Mean distance of roots [T, 3] after the best rotation and shift, without scale, in percent of the true path.

    As published (ibid.); None for paths under LEAST_PATH_M, where its denominator says nothing.
    """
    path_m = path_length_m(truth_root)
    if path_m < LEAST_PATH_M:
        return None
    distances = np.linalg.norm(_moved(root, truth_root, root, scaled=False) - truth_root, axis=-1)
    return 100.0 * float(distances.mean()) / path_m


def path_length_m(root: Array) -> float:
    """How far a root [T, 3] at RATE goes in all."""
    return float(np.linalg.norm(np.diff(root, axis=0), axis=-1).sum())


def _chunked_mm(estimate: Array, truth: Array, aligned_by: int) -> float:
    distances = []
    for start in range(0, len(truth), CHUNK):
        part, true = estimate[start : start + CHUNK], truth[start : start + CHUNK]
        moved = _moved(part[:aligned_by], true[:aligned_by], part, scaled=True)
        distances.append(np.linalg.norm(moved - true, axis=-1))
    return 1000.0 * float(np.concatenate(distances).mean())


def _moved(start: Array, end: Array, points: Array, scaled: bool) -> Array:
    """`points` [..., 3] by the rotation, shift and, if `scaled`, size that bring `start` best onto `end` (Umeyama)."""
    a, b = start.reshape(-1, 3), end.reshape(-1, 3)
    U, s, Vt = np.linalg.svd((a - a.mean(axis=0)).T @ (b - b.mean(axis=0)))
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(U @ Vt))])
    scale = (s * sign).sum() / ((a - a.mean(axis=0)) ** 2).sum() if scaled else 1.0
    return scale * (points - a.mean(axis=0)) @ (U * sign @ Vt) + b.mean(axis=0)


def _about(points: Array, joints: tuple[int, ...] | None = None) -> Array:
    middle = points if joints is None else points[:, joints]
    return points - middle.mean(axis=1, keepdims=True)


def _distance_mm(estimate: Array, truth: Array) -> float:
    return 1000.0 * float(np.linalg.norm(estimate - truth, axis=-1).mean())
