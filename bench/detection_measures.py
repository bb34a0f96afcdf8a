"""How far found landmarks lie from a reference, and whether the same people were found.

Points are [T, J, 2] px, NaN where nothing was found or nothing is known. Every figure is NaN where nothing can be said.
"""

from __future__ import annotations

from typing import Iterable, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.signal import butter, filtfilt

from motion.arrays import Array, Indices

FARTHEST_LAG = 6    # frames
BOX_GROWTH = 0.025  # of the longer side: lays landmarks' boxes on the man's on four_cameras (mean IoU 0.90, 0.84 at 0)
LEAST_IOU = 0.5


def error_px(found_px: Array, truth_px: Array) -> float:
    """Mean distance."""
    return _mean_length(found_px - truth_px)


def varying_px(found_px: Array, truth_px: Array) -> float:
    """Mean distance after taking out each landmark's mean offset, which is mostly another definition of the joint."""
    return _mean_length(_varying(found_px - truth_px))


def jitter_px(found_px: Array, truth_px: Array) -> float:
    """Mean length of the error's second difference over three neighbouring frames."""
    return _mean_length(np.diff(found_px - truth_px, 2, axis=0))


def lag_frames(found_px: Array, truth_px: Array) -> float:
    """By how many frames what was found comes late: where the mean square of the varying error is least.

    Between whole frames by a parabola, which is exact for steady motion.
    """
    middle = slice(FARTHEST_LAG, len(truth_px) - FARTHEST_LAG)
    lags = np.arange(-FARTHEST_LAG, FARTHEST_LAG + 1)
    squares = np.array([_mean_square((found_px - np.roll(truth_px, lag, axis=0))[middle]) for lag in lags])
    if np.isnan(squares).any():
        return float("nan")
    least = int(np.clip(np.argmin(squares), 1, len(lags) - 2))
    before, at, after = squares[least - 1 : least + 2]
    bend = before - 2 * at + after
    return float(lags[least] + (0.5 * (before - after) / bend if bend > 0 else 0.0))


def low_passed(points: Array, cut_hz: float, rate: float) -> Array:
    """Points [T, ...] without what moves faster than `cut_hz`, at no lag (Butterworth, second order, both ways).

    Gaps are bridged by straight lines for the filter and are gaps again afterwards.
    """
    flat = points.reshape(len(points), -1)
    known, frames = np.isfinite(flat), np.arange(len(points))
    if not known.any(axis=0).all():
        return np.full_like(points, np.nan)
    bridged = [np.interp(frames, frames[k], column[k]) for k, column in zip(known.T, flat.T, strict=True)]
    b, a = butter(2, cut_hz / (0.5 * rate))
    return np.where(known, filtfilt(b, a, np.stack(bridged, axis=1), axis=0), np.nan).reshape(points.shape)


def body_box_px(landmarks_px: Array, width_px: int, height_px: int) -> Array:
    """The visible body's box, left, top, right, bottom, about those of the landmarks [33, 2] inside of the picture."""
    size_px = np.array([width_px, height_px], float)
    inside = landmarks_px[((landmarks_px >= 0) & (landmarks_px < size_px)).all(axis=1)]
    if len(inside) == 0:
        return np.full(4, np.nan)
    low, high = inside.min(axis=0), inside.max(axis=0)
    grown = BOX_GROWTH * (high - low).max()
    return np.concatenate([np.maximum(low - grown, 0), np.minimum(high + grown, size_px)])


def iou(box: Array, other: Array) -> float:
    """Area shared by two boxes [4] over the area that they cover together; NaN where one is none."""
    shared = np.prod(np.maximum(np.minimum(box[2:], other[2:]) - np.maximum(box[:2], other[:2]), 0.0))
    return float(shared / (np.prod(box[2:] - box[:2]) + np.prod(other[2:] - other[:2]) - shared))


def owners(boxes_px: Sequence[Array], checked_px: Sequence[Array]) -> Indices:
    """Which of the found boxes belongs to each of the checked ones, -1 where none overlaps enough."""
    overlap = np.array([[iou(box, checked) for box in boxes_px] for checked in checked_px]).reshape(len(checked_px), -1)
    overlap = np.nan_to_num(overlap)
    owner = np.full(len(checked_px), -1)
    for row, column in zip(*linear_sum_assignment(-overlap), strict=True):
        if overlap[row, column] >= LEAST_IOU:
            owner[row] = column
    return owner


def switches(identities: Iterable[int]) -> int:
    """How often an identity changes from one picture in which the person is found to the next; -1 is not found."""
    known = [identity for identity in identities if identity >= 0]
    return sum(int(before != after) for before, after in zip(known, known[1:]))


def _varying(error: Array) -> Array:
    known = np.isfinite(error)
    count = np.maximum(known.sum(axis=0), 1)
    return error - np.where(known, error, 0.0).sum(axis=0) / count


def _mean_square(error: Array) -> float:
    squares = np.sum(_varying(error) ** 2, axis=-1)
    return float(squares[np.isfinite(squares)].mean()) if np.isfinite(squares).any() else float("nan")


def _mean_length(vectors: Array) -> float:
    lengths = np.linalg.norm(vectors, axis=-1)
    return float(lengths[np.isfinite(lengths)].mean()) if np.isfinite(lengths).any() else float("nan")
