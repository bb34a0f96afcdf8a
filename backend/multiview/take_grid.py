"""The times of a take that several cameras filmed: frames at the first clip's rate, while any camera runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from backend.multiview.rig import Rig
from backend.track.sampling import sampled
from backend.track.tracks import Track
from motion.arrays import Array

_SAME_FRAME = 1e-3   # of a frame: clocks are not known better


@dataclass(frozen=True)
class TakeGrid:
    """T frames by the first clip's clock, at multiples of its frame, so that what it saw need not be sampled anew.

    The take's own clock shows zero on the last of these multiples that is not after the earliest beginning.
    """

    rate: Fraction      # of the first clip
    zero_frame: int     # of the first clip, below zero where another began before it
    first_frame: int    # the first one that some camera saw: zero_frame or the one after it
    frame_count: int

    @property
    def times_s(self) -> Array:
        """[T] by the first clip's clock; of the first camera of a Rig."""
        return np.arange(self.first_frame, self.first_frame + self.frame_count) / float(self.rate)

    @property
    def zero_s(self) -> float:
        """What the first clip's clock shows when the take's shows zero."""
        return self.zero_frame / float(self.rate)

    @property
    def take_times_s(self) -> Array:
        """[T] by the take's clock."""
        return np.arange(self.first_frame - self.zero_frame, self.first_frame - self.zero_frame + self.frame_count
                         ) / float(self.rate)  # fmt: skip

    def time_offset_s(self, rig: Rig, view: int) -> float:
        """A camera's clock less the take's, in seconds of the first camera; at most zero."""
        return self.zero_s - float(rig.starts_s[view])

    def track(self, track: Track, rig: Rig, view: int) -> Track:
        """What a camera saw, at the frames of the take: not seen while the camera did not run."""
        return replace(sampled(track, rig.own_times_s(view, self.times_s), track.rate), times_s=self.times_s)


def take_grid(rate: Fraction, rig: Rig, spans_s: Array) -> TakeGrid:
    """The frames while any of V cameras runs: spans_s [V, 2] are when each begins and ends, by its own clock.

    `rate` is the first clip's.
    """
    frames = np.array([rig.first_times_s(view, span) for view, span in enumerate(spans_s)]) * float(rate)
    earliest, latest = frames[:, 0].min(), frames[:, 1].max()
    zero, first = int(np.floor(earliest + _SAME_FRAME)), int(np.ceil(earliest - _SAME_FRAME))
    return TakeGrid(rate, zero, first, max(1, int(np.floor(latest + _SAME_FRAME)) - first + 1))
