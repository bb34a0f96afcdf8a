"""One person as another detector sees them, and the piece of the picture in which our networks look at them again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.detect.crop import Crop, body_crop
from motion.arrays import Array, Mask, check_shape, frozen
from motion.landmarks import LANDMARK

HIPS = [LANDMARK["left_hip"], LANDMARK["right_hip"]]
SHOULDERS = [LANDMARK["left_shoulder"], LANDMARK["right_shoulder"]]
# MediaPipe's circle about a body, medians over 103 people in 20 real clips, heavy network (middle half 1.00 to 1.10 and
# 1.73 to 1.89); its middle and turn are those of hips and shoulders within 0.2 % of its side and 1 degree.
CIRCLE_OF_REACH = 1.04      # its radius over the distance of the farthest landmark from the middle of the hips
CIRCLE_OF_TRUNK = 1.80      # and over the trunk's length, which serves whoever is cut off or curled up


@dataclass(frozen=True, eq=False)
class OtherPose:
    """A body in one picture, in MediaPipe's landmarks."""

    landmarks_px: Array   # [33, 2] px of the upright picture; NaN where the other detector has or saw no such landmark
    scores: Array         # [33] 0..1, 0 where NaN
    number: int           # the source's own number of the person, -1 where it gives none

    def __post_init__(self) -> None:
        for name, shape in {"landmarks_px": "33 2", "scores": "33"}.items():
            array = frozen(getattr(self, name))
            check_shape(name, array, shape)
            object.__setattr__(self, name, array)
        if np.isnan(self.landmarks_px).any(axis=1).tolist() != (~self.is_seen).tolist():
            raise ValueError("A landmark has one number of two.")
        if not (np.all(self.scores >= 0.0) and np.all(self.scores <= 1.0)):
            raise ValueError("A score is not between 0 and 1.")

    @property
    def is_seen(self) -> Mask:
        """[33], which landmarks there are."""
        return np.isfinite(self.landmarks_px).any(axis=1)


def crop_of(pose: OtherPose) -> Crop:
    """The crop about a body's hips, turned upright, as MediaPipe's networks want it.

    Without hips it lies about the middle of all landmarks, without hips or shoulders it is not turned.
    Raises ValueError where there is no landmark.
    """
    seen_px = pose.landmarks_px[pose.is_seen]
    if not len(seen_px):
        raise ValueError("A crop needs a landmark.")
    hips_px, shoulders_px = _middle(pose, HIPS), _middle(pose, SHOULDERS)
    middle_px = hips_px if hips_px is not None else (seen_px.min(axis=0) + seen_px.max(axis=0)) / 2
    reach_px = CIRCLE_OF_REACH * float(np.linalg.norm(seen_px - middle_px, axis=1).max())
    if hips_px is None or shoulders_px is None or np.allclose(hips_px, shoulders_px):
        return body_crop(middle_px, middle_px - [0.0, reach_px])
    trunk_px = float(np.linalg.norm(shoulders_px - hips_px))
    radius_px = max(reach_px, CIRCLE_OF_TRUNK * trunk_px)
    return body_crop(middle_px, middle_px + (shoulders_px - hips_px) * (radius_px / trunk_px))


def _middle(pose: OtherPose, pair: list[int]) -> Array | None:
    points_px = pose.landmarks_px[pair][pose.is_seen[pair]]
    return points_px.mean(axis=0) if len(points_px) else None
