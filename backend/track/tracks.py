"""One person over the pictures of a clip."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from motion.arrays import Array, Mask, check_shape, frozen

_SHAPES = {"times_s": "T", "seen": "T", "landmarks_px": "T 33 2", "scores": "T 33", "doubts_px": "T 33",
           "landmarks_camera": "T 33 3", "hands_px": "T 2 21 2", "hands_camera": "T 2 21 3",
           "hand_scores": "T 2"}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Track:
    """One person: NaN (scores: 0) wherever `seen` is False. Fields as in Detections."""

    times_s: Array            # [T]
    seen: Mask                # [T]
    landmarks_px: Array       # [T, 33, 2] px
    scores: Array             # [T, 33]
    doubts_px: Array          # [T, 33] px, NaN also where the detector looked only once
    landmarks_camera: Array   # [T, 33, 3] m
    hands_px: Array           # [T, 2, 21, 2] px
    hands_camera: Array       # [T, 2, 21, 3] m
    hand_scores: Array        # [T, 2]
    number: int = 1           # by which the user names this person
    shot: int = 0             # of the clip, to which all of it belongs
    left_out: str = ""        # why the user's edits leave this person out; empty for the people of the take

    @property
    def rate(self) -> float:
        """Frames a second of the even grid; of a single frame, where it does not matter, 30."""
        return 1.0 / float(self.times_s[1] - self.times_s[0]) if len(self.times_s) > 1 else 30.0

    def during(self, frames: Mask | slice) -> Track:
        """The same person in some of the frames, evenly spaced; of a mask [T] those that are True."""
        return replace(self, **{name: getattr(self, name)[frames] for name in _SHAPES})

    def unseen(self, times_s: Array) -> Track:
        """The same person at other times [N], never seen."""
        count = len(times_s)
        empty = {name: np.full((count, *getattr(self, name).shape[1:]), 0.0 if "scores" in name else np.nan)
                 for name in _SHAPES if name not in ("times_s", "seen")}  # fmt: skip
        return replace(self, times_s=times_s, seen=np.zeros(count, bool), **empty)

    def __post_init__(self) -> None:
        for name, shape in _SHAPES.items():
            array = frozen(getattr(self, name), bool if name == "seen" else float)
            check_shape(name, array, shape, T=len(self.times_s))
            object.__setattr__(self, name, array)
        for name in ("number", "shot"):
            object.__setattr__(self, name, int(getattr(self, name)))
