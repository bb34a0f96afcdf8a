"""The likeliest alternation between two states that each last a while."""

from __future__ import annotations

import numpy as np

from ..arrays import Array, Mask


def likeliest_states(gain: Array, change_cost: float, least_on: int, least_off: int) -> Mask:
    """[T, C] which frames are on: for each channel the largest sum of `gain` [T, C] over them, less `change_cost` for
    each change, with runs of at least so many frames; those at either end may be cut off.

    Viterbi's recursion over ends of runs (Ostendorf et al. 1996 call such models segmental), in time linear in T.
    """
    scores = _Scores(gain, change_cost, max(least_on, 1), max(least_off, 1))
    scores.fill()
    return scores.traced()


class _Scores:
    """best[s, t]: of frames before t, when the last of their runs is in state s (0 off, 1 on) and long enough."""

    def __init__(self, gain: Array, change_cost: float, least_on: int, least_off: int) -> None:
        self.frames, channels = gain.shape
        total = np.concatenate([np.zeros((1, channels)), np.cumsum(gain, axis=0)])
        self.total = np.stack([np.zeros_like(total), total])    # [2, T+1, C]
        self.cost, self.least = change_cost, (least_off, least_on)
        # What the best way to a frame would be worth without the last run's gain up to there.
        self.value = np.full((2, self.frames + 1, channels), 0.0)
        self.since = np.zeros((2, self.frames + 1, channels), dtype=np.int64)   # first frame of that last run

    def fill(self) -> None:
        """In blocks within which neither state can have been left and taken up again."""
        block = min(self.least)
        for first in range(1, self.frames + 1, block):
            ends = np.arange(first, min(first + block, self.frames + 1))
            for state in (0, 1):
                self._fill(state, ends)

    def _fill(self, state: int, ends: Array) -> None:
        starts = ends - self.least[state]      # runs that have just become long enough
        other = 1 - state
        value = np.full((len(ends), self.value.shape[2]), -np.inf)
        late = starts > 0
        begun = starts[late]
        value[late] = self.value[other, begun] + (self.total[other, begun] - self.total[state, begun]) - self.cost
        value = np.concatenate([self.value[state, ends[0] - 1][None], value])
        best = np.maximum.accumulate(value, axis=0)
        source = np.maximum.accumulate(np.where(value == best, np.arange(len(value))[:, None], 0), axis=0)
        since = np.concatenate([self.since[state, ends[0] - 1][None],
                                np.broadcast_to(np.maximum(starts, 0)[:, None], value[1:].shape)])  # fmt: skip
        self.value[state, ends] = best[1:]
        self.since[state, ends] = np.take_along_axis(since, source, axis=0)[1:]

    def traced(self) -> Mask:
        """Back from the last frame, whose run may be short."""
        channels = self.value.shape[2]
        on = np.zeros((self.frames, channels), dtype=bool)
        for channel in range(channels):
            end, state, since = self._last_run(channel)
            while True:
                on[since:end, channel] = state == 1
                if since == 0:
                    break
                end, state = since, 1 - state
                since = self.since[state, end, channel]
        return on

    def _last_run(self, channel: int) -> tuple[int, int, int]:
        """End, state and first frame of the last run."""
        end = self.frames
        found = []
        for state in (0, 1):
            found.append((self.value[state, end, channel] + self.total[state, end, channel],
                          state, self.since[state, end, channel]))  # fmt: skip
            for since in range(max(end - self.least[state], 0) + 1, end):
                before = self.value[1 - state, since, channel] + self.total[1 - state, since, channel]
                gain = self.total[state, end, channel] - self.total[state, since, channel]
                found.append((before + gain - self.cost, state, since))
        best = max(found, key=lambda each: each[0])
        return end, best[1], best[2]
