"""The likeliest alternation between two states that each last a while."""

from __future__ import annotations

import numpy as np

from ..arrays import Array, Mask


def likeliest_states(gain: Array, change_cost: float, least: int) -> Mask:
    """[T, C] which frames are on: for each channel the largest sum of `gain` [T, C] over them, less `change_cost` for
    each change, with runs of `least` frames and more. Runs at either end may be cut off.

    Viterbi's recursion over runs instead of frames, in time linear in T.
    """
    ways = _Ways(gain, change_cost, max(least, 1))
    return ways.traced()


class _Ways:
    """The best way to each frame, for the state (0 off, 1 on) of a last run that is long enough or the first one.

    worth [T+1, 2, C] counts what is before that run, its change, and the run's gain as if it began at the first frame,
    so that it is the same all along a run; since [T+1, 2, C] is the run's first frame.
    """

    def __init__(self, gain: Array, change_cost: float, least: int) -> None:
        self.frames, channels = gain.shape
        self.least, self.cost = least, change_cost
        self.total = np.zeros((self.frames + 1, 2, channels))
        np.cumsum(gain, axis=0, out=self.total[1:, 1])
        self.worth = np.zeros((self.frames + 1, 2, channels))
        self.since = np.zeros((self.frames + 1, 2, channels), dtype=np.int64)
        # In blocks so short that no run can both begin and become long enough inside.
        for first in range(1, self.frames + 1, least):
            self._fill(first, min(first + least, self.frames + 1))

    def _changed(self, at: int | slice) -> Array:
        """What a run is worth that takes over from the other state there."""
        return (self.worth[at] + self.total[at])[..., ::-1, :] - self.total[at] - self.cost

    def _fill(self, first: int, stop: int) -> None:
        begun = first - self.least      # runs from here on become long enough in this block, one with each frame
        worth, since = self.worth[first - 1], self.since[first - 1]
        if begun < 1:
            self.worth[first:stop], self.since[first:stop] = worth, since
            return
        fresh = self._changed(slice(begun, begun + stop - first))
        for step, each in enumerate(fresh):
            better = each > worth
            worth, since = np.where(better, each, worth), np.where(better, begun + step, since)
            self.worth[first + step], self.since[first + step] = worth, since

    def traced(self) -> Mask:
        """Back from the last frame."""
        on = np.zeros((self.frames, self.total.shape[2]), dtype=bool)
        states, sinces = self._last_runs()
        for channel, (state, since) in enumerate(zip(states.tolist(), sinces.tolist(), strict=True)):
            end = self.frames
            while True:
                on[since:end, channel] = state == 1
                if since == 0:
                    break
                end, state = since, 1 - state
                since = int(self.since[end, state, channel])
        return on

    def _last_runs(self) -> tuple[Array, Array]:
        """State and first frame of the last run [C], which may be short."""
        begun = np.arange(max(self.frames - self.least + 1, 1), self.frames)
        late = self._changed(slice(self.frames - len(begun), self.frames))
        worth = np.concatenate([self.worth[self.frames][None], late]) + self.total[self.frames]
        channels = worth.shape[2]
        best = worth.reshape(2 * len(worth), channels).argmax(axis=0)
        which, state = best // 2, best % 2
        since = np.concatenate([self.since[self.frames][None], np.broadcast_to(begun[:, None, None], late.shape)])
        return state, since[which, state, np.arange(channels)]
