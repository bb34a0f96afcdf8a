"""A long clip part by part, so that memory does not grow with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.arrays import Array

WHOLE_UP_TO = 5400    # frames: three minutes of most footage
PART_FRAMES = 1800
_MARGIN_S = 2.0       # looked at to either side: a choice is rarely longer than twice that
_FADE_S = 0.5         # of the margin, at its outer end, over which samples become the lift


@dataclass(frozen=True)
class Part:
    """Frames first to end - 1 for which a part answers, and those that it looks at."""

    first: int
    end: int
    first_look: int
    end_look: int
    fade: int     # frames

    @property
    def looked(self) -> slice:
        return slice(self.first_look, self.end_look)

    def answers_for(self, first: int, last: int) -> bool:
        """Whether the middle of what lies in these of the frames that it looks at is its own."""
        return self.first <= self.first_look + (first + last) // 2 < self.end

    def in_clip(self, first: int, last: int) -> tuple[int, int]:
        """The clip's numbers of frames that it answers for, as far as samples are whole there."""
        earliest, latest = self.first_look + self._fade_before, self.end_look - 1 - self._fade_after
        return max(self.first_look + first, earliest), min(self.first_look + last, latest)

    def sample_weights(self) -> Array:
        """[F] of a sample beside the lift, over the frames that are looked at: it fades in and out."""
        at = np.arange(1.0, self.end_look - self.first_look + 1.0)
        return _risen(at, self._fade_before) * _risen(at[::-1], self._fade_after)

    def shares(self) -> Array:
        """[F] of the part's word beside its neighbours', over the frames that are looked at; all make 1."""
        at = np.arange(self.first_look, self.end_look) + 0.5
        before, after = 2 * (self.first - self.first_look), 2 * (self.end_look - self.end)
        rise = np.clip((at - self.first_look) / before, 0.0, 1.0) if before else np.ones(len(at))
        fall = np.clip((self.end_look - at) / after, 0.0, 1.0) if after else np.ones(len(at))
        return rise * fall

    @property
    def _fade_before(self) -> int:
        return self.fade if self.first_look < self.first else 0

    @property
    def _fade_after(self) -> int:
        return self.fade if self.end_look > self.end else 0


def parts_of(frames: int, rate: float) -> list[Part]:
    """One of all frames, or of more than WHOLE_UP_TO several of about PART_FRAMES."""
    count = 1 if frames <= WHOLE_UP_TO else round(frames / PART_FRAMES)
    borders = np.linspace(0, frames, count + 1).round().astype(int).tolist()
    margin = min(round(_MARGIN_S * rate), PART_FRAMES // 4)   # none reaches past its neighbour
    return [Part(first, end, max(first - margin, 0), min(end + margin, frames), min(round(_FADE_S * rate), margin // 2))
            for first, end in zip(borders[:-1], borders[1:], strict=True)]  # fmt: skip


def _risen(at: Array, fade: int) -> Array:
    return np.minimum(1.0, at / (fade + 1.0))
