"""What the detector says of every picture, before anybody knows who is who."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.arrays import Array, Indices, check_shape, frozen


@dataclass(frozen=True, eq=False)
class Detections:
    """People found in the pictures of a clip: N findings, sorted by picture."""

    times_s: Array            # [F] of the pictures looked at
    picture: Indices          # [N] index into times_s
    landmarks_px: Array       # [N, 33, 2] px of the upright picture, may lie outside of it
    scores: Array             # [N, 33] visibility 0..1
    landmarks_camera: Array   # [N, 33, 3] m about the middle of the hips, axes of the camera (x right, y down, z away)
    hands_px: Array           # [N, 2, 21, 2] left, right hand of the person; NaN where no hand was found
    hands_camera: Array       # [N, 2, 21, 3] m about the hand's middle, axes of the camera; NaN where not found
    hand_scores: Array        # [N, 2] 0..1, 0 where not found
    detector: str             # which models, for the record

    def __post_init__(self) -> None:
        shapes = {"times_s": "F", "landmarks_px": "N 33 2", "scores": "N 33", "landmarks_camera": "N 33 3",
                  "hands_px": "N 2 21 2", "hands_camera": "N 2 21 3", "hand_scores": "N 2"}  # fmt: skip
        object.__setattr__(self, "picture", frozen(self.picture, np.int64))
        for name, shape in shapes.items():
            array = frozen(getattr(self, name))
            check_shape(name, array, shape, N=len(self.picture), F=len(self.times_s))
            object.__setattr__(self, name, array)
