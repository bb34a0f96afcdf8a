"""What the detector says of every picture, before anybody knows who is who."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from motion.arrays import Array, Indices, check_shape, frozen

MASK_PX = 64    # side of a body's mask


@dataclass(frozen=True, eq=False)
class Detections:
    """People found in the pictures of a clip: N findings, sorted by picture."""

    times_s: Array            # [F] of the pictures looked at
    shot: Indices             # [F] 0, 1, ...: pictures between two hard cuts
    picture: Indices          # [N] index into times_s
    tracklet: Indices         # [N] same number: one body, followed from picture to picture without a gap
    landmarks_px: Array       # [N, 33, 2] px of the upright picture, may lie outside of it
    scores: Array             # [N, 33] probability that the landmark lies within a tenth of the trunk's length
    doubts_px: Array          # [N, 33] how far the mirrored picture's answer lay away; NaN without one
    landmarks_camera: Array   # [N, 33, 3] m about the middle of the hips, axes of the camera (x right, y down, z away)
    colours: Array            # [N, C] what the clothes look like (appearance.py)
    crops: Array              # [N, 4] piece of the picture that was looked at: middle x, y px, side px, turn rad
    masks: npt.NDArray[np.uint8]   # [N, 64, 8] the body's pixels in the crop, 64 x 64 bits; zero where not kept
    hands_px: Array           # [N, 2, 21, 2] left, right hand of the person; NaN where no hand was found
    hands_camera: Array       # [N, 2, 21, 3] m about the hand's middle, axes of the camera; NaN where not found
    hand_scores: Array        # [N, 2] 0..1, 0 where not found
    detector: str             # which models, for the record

    def __post_init__(self) -> None:
        shapes = {"times_s": "F", "shot": "F", "picture": "N", "tracklet": "N", "landmarks_px": "N 33 2",
                  "scores": "N 33", "doubts_px": "N 33", "landmarks_camera": "N 33 3", "colours": "N C", "crops": "N 4",
                  "masks": "N 64 8", "hands_px": "N 2 21 2", "hands_camera": "N 2 21 3",
                  "hand_scores": "N 2"}  # fmt: skip
        kinds = {"shot": np.int64, "picture": np.int64, "tracklet": np.int64, "masks": np.uint8}
        for name, shape in shapes.items():
            array = frozen(getattr(self, name), kinds.get(name, np.float64))
            check_shape(name, array, shape, N=len(self.picture), F=len(self.times_s))
            object.__setattr__(self, name, array)
