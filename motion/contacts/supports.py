"""What points rest on, and how high it lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array, Mask
from ..figure import SOLE_PARTS, Figure
from ..runs import runs

_FLOOR_M = 0.12                 # what rests lower, rests on the floor: raw motions err by less, steps are higher
_SAME_PLACE_M, _SAME_HEIGHT_M = 0.35, 0.08
_TILT_SINE = 0.5                # a sole steeper than 30 degrees stands on one of its ends


def without_raised_ends(held: Mask, points_world: Array, figure: Figure) -> Mask:
    """`held` [T, P] less the still heels of feet on tiptoe and the still toes of feet on the heel."""
    lower = held.copy()
    for foot in _feet(figure.point_names):
        heels = [p for p in foot if figure.point_names[p].endswith("heel")]
        for heel, front in ((heel, front) for heel in heels for front in foot if front != heel):
            length = np.linalg.norm(figure.points_rest[front] - figure.points_rest[heel])
            for start, end in runs(held[:, heel] & held[:, front]):
                rise = np.median(points_world[start:end, heel, 2] - points_world[start:end, front, 2])
                if abs(rise) > _TILT_SINE * length:
                    lower[start:end, heel if rise > 0 else front] = False
    return lower


def support_heights(points_world: Array, held: Mask, names: Sequence[str]) -> Array:
    """[T, P] m over the floor of what points [T, P, 3] m rest on while they are held; one foot rests on one level.

    0 for what rests near the floor, else as high as the points are; what rests in one place at about the same height
    rests on the same thing.
    """
    heights = np.zeros(held.shape)
    spans = [(start, end, group) for group in _groups(names) for start, end in runs(held[:, group].any(axis=1))]
    if not spans:
        return heights
    places = np.array([_place(points_world[start:end, group], held[start:end, group]) for start, end, group in spans])
    levels = _levels(places, np.array([end - start for start, end, _ in spans], dtype=np.float64))
    for (start, end, group), level in zip(spans, levels, strict=True):
        heights[start:end, group] = np.where(held[start:end, group], level, 0.0)
    return heights


def _groups(names: Sequence[str]) -> list[list[int]]:
    """Points that rest on one level: those of a foot; every other is alone."""
    feet = _feet(names)
    of_feet = {p for foot in feet for p in foot}
    return feet + [[p] for p in range(len(names)) if p not in of_feet]


def _feet(names: Sequence[str]) -> list[list[int]]:
    sides = ("left", "right")
    feet = ([p for p, name in enumerate(names) if name in [f"{side}_{part}" for part in SOLE_PARTS]] for side in sides)
    return [foot for foot in feet if foot]


def _place(points: Array, held: Mask) -> Array:
    """The robust middle [3] of what of points [T, P, 3] is held [T, P]."""
    return np.median(points[held], axis=0)


def _levels(places: Array, weights: Array) -> Array:
    """Of spans at places [N, 3], weighted means of the heights of those beside each other; 0 of those on the floor."""
    levels = np.zeros(len(places))
    raised = np.flatnonzero(places[:, 2] >= _FLOOR_M)
    for i in raised:
        beside = np.linalg.norm(places[raised, :2] - places[i, :2], axis=1) < _SAME_PLACE_M
        near = raised[beside & (np.abs(places[raised, 2] - places[i, 2]) < _SAME_HEIGHT_M)]
        levels[i] = np.average(places[near, 2], weights=weights[near])
    return levels
