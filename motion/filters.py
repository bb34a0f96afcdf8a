"""Smoothing over time without delay."""

from __future__ import annotations

import numpy as np

from .arrays import Array


def gaussian_smoothed(values: Array, rate: float, sigma_s: float) -> Array:
    """Values [T, ...] smoothed by a Gaussian of sigma_s seconds, both ways in time, so without delay.

    NaN is left out of the mean and stays where it was; the ends use what there is.
    """
    values = np.asarray(values, dtype=np.float64)
    sigma = sigma_s * rate
    reach = int(np.ceil(3.0 * sigma))
    if reach < 1 or len(values) < 2:
        return values.copy()
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    flat = values.reshape(len(values), -1)
    known = np.isfinite(flat)
    total = _convolved(np.where(known, flat, 0.0), kernel)
    weight = _convolved(known.astype(np.float64), kernel)
    smooth = np.where(known, total / np.maximum(weight, 1e-12), np.nan)
    return smooth.reshape(values.shape)


def _convolved(columns: Array, kernel: Array) -> Array:
    """Columns [T, N] convolved along time, zeros beyond the ends."""
    reach = len(kernel) // 2
    padded = np.pad(columns, ((reach, reach), (0, 0)))
    out = np.zeros_like(columns)
    for k, weight in enumerate(kernel):
        out += weight * padded[k : k + len(columns)]
    return out


def smoothed_keeping_fast(points: Array, rate: float, slow_s: float, fast_s: float, fast_speed: float) -> Array:
    """Points [T, ..., D] smoothed strongly where they are slow and hardly where they are fast.

    A Gaussian of slow_s seconds where the speed is far below `fast_speed` (units a second), of fast_s seconds far
    above it, in between both by their share. Unlike a low-pass filter this keeps the peak of a punch.
    """
    if len(points) < 3:
        return gaussian_smoothed(points, rate, fast_s)
    # Carried on beyond both ends as it moves there, else whoever moves at the first frame would be dragged inwards.
    reach = int(np.ceil(3.0 * slow_s * rate)) + 1
    beyond = [(reach, reach)] + [(0, 0)] * (np.ndim(points) - 1)
    points = np.pad(points, beyond, mode="reflect", reflect_type="odd")
    slow = gaussian_smoothed(points, rate, slow_s)
    fast = gaussian_smoothed(points, rate, fast_s)
    # The speed comes from the strongly smoothed points, else noise would pass for motion.
    speed = np.linalg.norm(np.gradient(slow, axis=0), axis=-1, keepdims=True) * rate
    # Spread over the neighbours, since a punch stands still at its peak.
    energy = gaussian_smoothed(speed**2, rate, 1.5 * slow_s)
    # Beside a gap the speed is not known: what cannot be called slow is smoothed least.
    share = np.where(np.isfinite(energy), energy / (energy + fast_speed**2), 1.0)
    return (slow + share * (fast - slow))[reach:-reach]
