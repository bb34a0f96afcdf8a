"""What samples of a motion are worth beside the truth: errors, the best of them, how far they lie apart, and whether
they say so truly.

Samples are the 12 joints of the limbs, [N, T, 12, 3] m in the camera's axes; the truth is [T, 12, 3]. All but errors
after alignment compare them about the middle of the hips, as metrics.mpjpe_mm does.
"""

from __future__ import annotations

import math

import numpy as np

from bench.metrics import HIPS, similarity_aligned
from motion.arrays import Array, Indices

WINDOW_S = 1.0
HELD_SHARE = 0.9


def about_hips(limbs: Array) -> Array:
    """[..., 12, 3] from the middle of the hips."""
    return limbs - limbs[..., HIPS, :].mean(axis=-2, keepdims=True)


def errors_mm(samples: Array, truth: Array) -> Array:
    """[N, T] mean joint distance of every frame."""
    return _distances_mm(about_hips(samples), about_hips(truth)).mean(axis=-1)


def aligned_errors_mm(samples: Array, truth: Array) -> Array:
    """[N, T] the same after the best similarity of every frame."""
    repeated = np.broadcast_to(truth, samples.shape).reshape(-1, *truth.shape[1:])
    moved = similarity_aligned(samples.reshape(repeated.shape), repeated).reshape(samples.shape)
    return _distances_mm(moved, truth).mean(axis=-1)


def best_of_clip(errors: Array) -> Indices:
    """[T] which sample is taken in every frame, by errors [N, T]: one for all."""
    return np.full(errors.shape[1], errors.mean(axis=1).argmin())


def best_of_windows(errors: Array, times_s: Array) -> Indices:
    """One for each even window of the clip, which last as nearly WINDOW_S as they can."""
    count = max(1, round(len(times_s) * np.median(np.diff(times_s)) / WINDOW_S))
    windows = np.array_split(np.arange(errors.shape[1]), count)
    return np.concatenate([np.full(len(window), errors[:, window].mean(axis=1).argmin()) for window in windows])


def best_of_frames(errors: Array) -> Indices:
    """One for each frame, as FMPose3D's best of N is chosen."""
    return errors.argmin(axis=0)


def taken(values: Array, choice: Indices) -> Array:
    """[T, ...] of values [N, T, ...]."""
    return values[choice, np.arange(len(choice))]


def diversity_mm(samples: Array) -> float | None:
    """Mean distance of a joint in one sample from the same joint in another; None of a single one."""
    if len(samples) < 2:
        return None
    points = about_hips(samples)
    pairs = zip(*np.triu_indices(len(points), 1), strict=True)
    return float(np.mean([_distances_mm(points[i], points[j]).mean() for i, j in pairs]))


def coverage(samples: Array, truth: Array) -> float | None:
    """Share of joints and frames in which the truth is no farther from the samples' mean than HELD_SHARE of them are.

    The radius is a rank of the samples' distances, each from the mean of the others: were the truth one more sample,
    it would lie inside with a chance of the share, whatever the number of samples. None where they are too few.
    """
    count = len(samples)
    rank = math.ceil(HELD_SHARE * (count + 1))
    if rank > count:
        return None
    points = about_hips(samples)
    middle = points.mean(axis=0)
    own = np.linalg.norm(points - middle, axis=-1) * count / (count - 1)
    radius = np.partition(own, rank - 1, axis=0)[rank - 1]
    return float((np.linalg.norm(about_hips(truth) - middle, axis=-1) <= radius).mean())


def inside_spread(main: Array, truth: Array, spread_m: Array) -> float:
    """Share of joints and frames in which the truth is within spread_m [T, 12] of the main motion [T, 12, 3]."""
    return float((np.linalg.norm(about_hips(truth) - about_hips(main), axis=-1) <= spread_m).mean())


def energy_score_mm(samples: Array, truth: Array) -> float:
    """E|X - y| - E|X - X'| / 2 of a frame's whole pose (Gneiting and Raftery 2007, eq. 22), a joint's part of it.

    Lengths are of all joints' coordinates at once, over the root of their number. Smaller is better: a proper score,
    which rewards being near and being as sure as is right. The second mean is over pairs of different samples.
    """
    scale = 1000.0 / math.sqrt(truth.shape[1])
    poses = scale * about_hips(samples).reshape(*samples.shape[:2], -1).swapaxes(0, 1)      # [T, N, 36]
    true = scale * about_hips(truth).reshape(len(truth), 1, -1)
    off = float(np.linalg.norm(poses - true, axis=-1).mean())
    count = len(samples)
    if count < 2:
        return off
    apart = [np.linalg.norm(each[:, None] - each, axis=-1).sum() / (count * (count - 1)) for each in poses]
    return off - 0.5 * float(np.mean(apart))


def gain_interval_mm(gains_mm: Array, frames: Indices, draws: int = 10_000) -> tuple[float, float]:
    """Of a mean gain over clips [C], each counting by its frames: 95 % by the bootstrap over clips."""
    chance = np.random.default_rng(0)
    drawn = chance.integers(len(gains_mm), size=(draws, len(gains_mm)))
    means = (gains_mm * frames)[drawn].sum(axis=1) / frames[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _distances_mm(points: Array, truth: Array) -> Array:
    return 1000.0 * np.linalg.norm(points - truth, axis=-1)
