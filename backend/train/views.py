"""What virtual cameras truly see, and what a detector would say of it: B clips of T frames, on the training device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from backend.train.chance import Chance


@dataclass(frozen=True, eq=False)
class Views:
    """The true landmarks of one person before one camera each; camera frame as in OpenCV."""

    landmarks_camera: Tensor    # [B, T, 33, 3] m, absolute
    K: Tensor                   # [B, 3, 3] px
    size_px: Tensor             # [B, 2] width, height of the picture
    hidden: Tensor              # [B, T, 33] 0..1 how surely the body itself hides the landmark (hidden.py)
    rate_hz: Tensor             # [B] pictures a second

    @property
    def landmarks_px(self) -> Tensor:
        """[B, T, 33, 2] where the landmarks truly fall; beyond the picture's border too."""
        depth = self.landmarks_camera[..., 2:].clamp(min=0.1)
        focal, centre = torch.stack([self.K[:, 0, 0], self.K[:, 1, 1]], -1), self.K[:, :2, 2]
        return self.landmarks_camera[..., :2] / depth * focal[:, None, None] + centre[:, None, None]


@dataclass(frozen=True, eq=False)
class SimulatedDetections:
    """What the product's detection loop would say; the same meaning as the fields of Detections and Track."""

    landmarks_px: Tensor        # [B, T, 33, 2] px
    scores: Tensor              # [B, T, 33] calibrated probability
    landmarks_camera: Tensor    # [B, T, 33, 3] m about the middle of the hips, axes of the camera
    seen: Tensor                # [B, T] bool: False in gaps, where the rest is zero


class DetectorErrors(Protocol):
    """A model of the detector's errors."""

    def detections(self, views: Views, chance: Chance) -> SimulatedDetections:
        """What would be said of `views`, on whose device `chance` draws."""
