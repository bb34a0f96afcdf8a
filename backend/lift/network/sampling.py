"""Frames as the lifter knows them, about 30 a second: rows of every n-th frame of quick clips, slow ones filled in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import convolve1d

from backend.track.tracks import Track
from motion.arrays import Array, Indices, Mask

RATE_HZ = 30.0
_SLOWEST_HZ, _FASTEST_HZ = 20.0, 45.0   # speeds of motion vary that much in training


@dataclass(frozen=True, eq=False)
class Row:
    """Frames at an even rate, in which the lifter sees a track."""

    positions: Array    # [N] frames of the track, in between whole ones where it is slow
    kept: Indices       # [M] which of the N are frames of the track
    frames: Indices     # [M] and which these are
    rate_hz: float


def rows_of(frame_count: int, rate_hz: float) -> list[Row]:
    """Rows that hold every frame of the track once."""
    every = max(1, round(rate_hz / RATE_HZ)) if rate_hz > _FASTEST_HZ else 1
    fill = max(1, round(RATE_HZ / rate_hz)) if rate_hz < _SLOWEST_HZ else 1
    rows = []
    for start in range(min(every, frame_count)):
        frames = np.arange(start, frame_count, every)
        positions = np.arange((len(frames) - 1) * fill + 1) * (every / fill) + start
        rows.append(Row(positions, np.arange(len(frames)) * fill, frames, rate_hz * fill / every))
    return rows


def evened(values: Array, row_count: int, seen: Mask) -> Array:
    """Values [T, ...] of frames that belong to rows in turn, without what differs from row to row.

    The mean over as many frames as there are rows, centred, of those that are seen: every row counts the same.
    """
    window = np.full(row_count, 1.0 / row_count)
    centred = window if row_count % 2 else np.convolve(window, [0.5, 0.5])
    shown = seen.astype(float).reshape(-1, *[1] * (values.ndim - 1))
    total, share = (convolve1d(each, centred, axis=0, mode="mirror") for each in (shown * values, shown))
    return np.where(share > 0.0, total / np.where(share > 0.0, share, 1.0), values)


def sampled(values: Array, positions: Array, seen: Mask) -> tuple[Array, Mask]:
    """Values [T, ...] at positions [N], linearly, zero where nobody was seen; and where [N] somebody was."""
    before = np.floor(positions).astype(int)
    after = np.minimum(before + 1, len(values) - 1)
    share = positions - before
    there = seen[before] & (seen[after] | (share == 0))
    weight = share.reshape(-1, *[1] * (values.ndim - 1))
    filled = np.where(seen.reshape(-1, *[1] * (values.ndim - 1)), values, 0.0)
    between = (1 - weight) * filled[before] + weight * filled[after]
    return between * there.reshape(weight.shape), there


def track_values(track: Track, row: Row) -> dict[str, Array]:
    """landmarks_px, scores, landmarks_camera and seen of a row."""
    values = {name: sampled(getattr(track, name), row.positions, track.seen)[0]
              for name in ("landmarks_px", "scores", "landmarks_camera")}  # fmt: skip
    return {**values, "seen": sampled(track.scores, row.positions, track.seen)[1]}
