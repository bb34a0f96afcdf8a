"""How high lies what points rest on."""

from __future__ import annotations

import numpy as np

from ..arrays import Array, Mask

_FLOOR_M = 0.10          # what rests lower rests on the floor
_SAME_PLACE_M, _SAME_HEIGHT_M = 0.35, 0.08


def support_heights(points_world: Array, held: Mask) -> Array:
    """[T, P] m over the floor of what points [T, P, 3] m rest on where they are held: one height for each span.

    0 near the floor, else the span's own; spans beside each other at the same height are of one support.
    """
    spans = _spans(held)
    heights = np.zeros(held.shape)
    if not len(spans):
        return heights
    places = np.array([np.median(points_world[start:end, p], axis=0) for start, end, p in spans])
    levels = np.where(places[:, 2] < _FLOOR_M, 0.0, places[:, 2])
    levels = _of_one_support(places, levels, spans[:, 1] - spans[:, 0])
    for (start, end, p), level in zip(spans, levels):
        heights[start:end, p] = level
    return heights


def _spans(held: Mask) -> Array:
    """[N, 3] first frame, end and column of every run."""
    padded = np.pad(held, [(1, 1), (0, 0)]).astype(np.int8)
    edges = np.diff(padded, axis=0)
    column, start = np.nonzero(edges.T == 1)
    _, end = np.nonzero(edges.T == -1)
    return np.stack([start, end, column], axis=1)


def _of_one_support(places: Array, levels: Array, weights: Array) -> Array:
    """Levels [N] as means over those of raised spans that lie beside each other at about one height."""
    raised = np.flatnonzero(levels > 0.0)
    out = levels.copy()
    for i in raised:
        near = (np.linalg.norm(places[raised, :2] - places[i, :2], axis=1) < _SAME_PLACE_M) & (
            np.abs(levels[raised] - levels[i]) < _SAME_HEIGHT_M)  # fmt: skip
        out[i] = np.average(levels[raised[near]], weights=weights[raised[near]])
    return out
