"""Few keys for many frames: as few as keep every measured point where the full keys have it.

All bones get their keys in the same frames, so that an animator can move a pose. Keys are added where the worst error
is, then those are taken away again that turn out not to be needed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from ...arrays import Array, Indices, Mask
from ...hermite import curve_through, fitted_slopes

Measure = Callable[[Array], Array]   # from channels [N, C], of any frames, to points [N, P, 3] m

# A point that moves less between two frames than this share of the tolerance stands still, as a planted foot does: the
# eye sees far smaller errors there, so that they count more. Takes 4 keys more than 75, and feet slide half as much.
_STILL_SHARE, _STILL_COUNTS = 0.1, 4.0
_APART = 4           # each fourth key is tried without at once, far enough apart not to disturb each other much,
_MOST_ROUNDS = 4     # this many times all keys; a fifth of them goes, as many as when they are added one by one


@dataclass(frozen=True, eq=False)
class ReducedKeys:
    """N keys in the same frames on all channels, and what the curves through them are worth."""

    keys: Indices        # [N] of the T frames, first and last included
    slopes: Array        # [N, C] a unit of time
    error_m: Array       # [T] of the worst point
    worst_point: int     # which of the P is farthest off anywhere


def reduced_keys(
    times: Array, channels: Array, measure: Measure, tolerance_m: float, always: Collection[int] = ()
) -> ReducedKeys:  # fmt: skip
    """The keys of channels [T, C] at times [T], rising, with which no point is farther off than the tolerance, and none
    that stands still farther than a quarter of it.

    `always` are frames that have a key in any case. With a key in every frame there is no error, so that any tolerance
    above rounding can be kept.
    """
    search = _Search(times, channels, measure, tolerance_m)
    is_key = np.zeros(len(times), dtype=bool)
    is_key[[0, -1, *always]] = True
    if len(times) < 2:
        return ReducedKeys(np.flatnonzero(is_key), np.zeros_like(channels), np.zeros(len(times)), 0)
    return search.result(search.without_needless(search.with_enough(is_key), is_key))


class _Search:
    def __init__(self, times: Array, channels: Array, measure: Measure, tolerance_m: float) -> None:
        self.times, self.measure, self.tolerance_m = times, measure, tolerance_m
        self.channels = channels
        self.moving = np.flatnonzero(np.ptp(channels, axis=0) > 0.0)
        self.points = measure(channels)
        steps = np.linalg.norm(np.gradient(self.points, axis=0), axis=-1) if len(times) > 1 else np.zeros((1, 1))
        self.counts = 1.0 + (_STILL_COUNTS - 1.0) * np.exp(-((steps / (_STILL_SHARE * tolerance_m)) ** 2))   # [T, P]

    def result(self, is_key: Mask) -> ReducedKeys:
        keys = np.flatnonzero(is_key)
        slopes = np.zeros((len(keys), self.channels.shape[1]))
        slopes[:, self.moving], off = self._errors(keys)
        return ReducedKeys(keys, slopes, off.max(axis=1, initial=0.0), int(off.max(axis=0).argmax()))

    def _errors(self, keys: Indices) -> tuple[Array, Array]:
        """Slopes of the channels that move, and how far each point is off [T, P] m."""
        moving = self.channels[:, self.moving]
        slopes = fitted_slopes(self.times, keys, moving)
        played = np.array(self.channels)
        played[:, self.moving] = curve_through(self.times, keys, moving, slopes)
        return slopes, np.linalg.norm(self.measure(played) - self.points, axis=-1)

    def _worst(self, is_key: Mask) -> Array:
        """[T] m of the point that is worst in its frame, as far as it counts."""
        return (self.counts * self._errors(np.flatnonzero(is_key))[1]).max(axis=1, initial=0.0)

    def with_enough(self, is_key: Mask) -> Mask:
        """More keys, each in the worst frame between two, until nothing is too far off."""
        is_key = is_key.copy()
        while True:
            error = np.where(is_key, 0.0, self._worst(is_key))
            keys = np.flatnonzero(is_key)
            worst = [start + int(error[start:stop].argmax()) for start, stop in zip(keys[:-1], keys[1:], strict=True)]
            worst = [frame for frame in worst if error[frame] > self.tolerance_m]
            if not worst:
                return is_key
            is_key[worst] = True

    def without_needless(self, is_key: Mask, kept: Mask) -> Mask:
        """Fewer keys, those `kept` among them, with which still nothing is too far off."""
        for _ in range(_MOST_ROUNDS):
            before = is_key.sum()
            for turn in range(_APART):
                fewer = self.with_enough(self._without_some(is_key, kept, turn))
                is_key = fewer if fewer.sum() < is_key.sum() else is_key
            if is_key.sum() == before:
                break
        return is_key

    def _without_some(self, is_key: Mask, kept: Mask, turn: int) -> Mask:
        """Without those of each fourth key around which nothing is too far off then."""
        keys = np.flatnonzero(is_key)
        tried = [place for place in range(turn + 1, len(keys) - 1, _APART) if not kept[keys[place]]]
        without = is_key.copy()
        without[keys[tried]] = False
        error = self._worst(without)
        around = [error[keys[max(place - 2, 0)] : keys[min(place + 2, len(keys) - 1)]].max() for place in tried]
        without[keys[tried]] = np.array(around) > self.tolerance_m
        return without
