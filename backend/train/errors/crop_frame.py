"""The frame in which the landmark network sees a body, and its errors there.

The network is shown a crop about the body, turned until the trunk is upright, and cannot know where in the picture or
how far away that was. So truth and errors are compared in the crop's frame: z along the ray to the middle of the hips,
the trunk up the picture, lengths in metres at the body's distance. Errors then do not depend on camera or size.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from backend.train.views import Views
from motion.landmarks import LANDMARK

HIPS = [LANDMARK["left_hip"], LANDMARK["right_hip"]]
SHOULDERS = [LANDMARK["left_shoulder"], LANDMARK["right_shoulder"]]
NEAREST_M = 0.3


@dataclass(frozen=True, eq=False)
class CropFrame:
    """Of B clips with T frames."""

    pose: Tensor                # [B, T, 33, 3] m true landmarks about the hips
    R_crop_from_picture: Tensor     # [B, T, 2, 2] the turn in the picture's plane
    px_per_m: Tensor            # [B, T] at the distance of the hips

    def errors_px(self, off_px: Tensor) -> Tensor:
        """Distances in the picture [B, T, 33, 2] px as errors in the crop, m."""
        return _turned(self.R_crop_from_picture, off_px) / self.px_per_m[..., None, None]

    def off_px(self, errors: Tensor) -> Tensor:
        """The inverse of errors_px()."""
        return _turned(self.R_crop_from_picture.mT, errors) * self.px_per_m[..., None, None]

    def to_crop(self, landmarks_camera: Tensor) -> Tensor:
        """The network's landmarks in metres [B, T, 33, 3], given in the picture's axes, in the crop's."""
        turned = _turned(self.R_crop_from_picture, landmarks_camera[..., :2])
        return torch.cat([turned, landmarks_camera[..., 2:]], -1)

    def from_crop(self, landmarks_crop: Tensor) -> Tensor:
        """The inverse of to_crop()."""
        turned = _turned(self.R_crop_from_picture.mT, landmarks_crop[..., :2])
        return torch.cat([turned, landmarks_crop[..., 2:]], -1)


def crop_frame(views: Views) -> CropFrame:
    """Where the network sees the true bodies of `views`."""
    truth = views.landmarks_camera
    hips = truth[..., HIPS, :].mean(-2)
    relative = truth - hips[..., None, :]
    on_ray = torch.einsum("btij,btlj->btli", _onto_z(hips), relative)
    trunk = on_ray[..., SHOULDERS, :2].mean(-2)
    down = -trunk / trunk.norm(dim=-1, keepdim=True).clamp(min=1e-6)
    # Rows: the axes of the crop in the picture; y points down in both, and down the trunk in the crop.
    turn = torch.stack([torch.stack([down[..., 1], -down[..., 0]], -1), down], -2)
    pose = torch.cat([_turned(turn, on_ray[..., :2]), on_ray[..., 2:]], -1)
    return CropFrame(pose, turn, views.K[:, 0, 0, None] / hips[..., 2].clamp(min=NEAREST_M))


def _turned(R: Tensor, points: Tensor) -> Tensor:
    """Points [B, T, L, 2] turned by R [B, T, 2, 2]."""
    return torch.einsum("btij,btlj->btli", R, points)


def _onto_z(direction: Tensor) -> Tensor:
    """The smallest rotation [..., 3, 3] that takes directions [..., 3] ahead of the camera to its z axis."""
    x, y, z = (direction / direction.norm(dim=-1, keepdim=True).clamp(min=1e-9)).unbind(-1)
    k = 1 / (1 + z).clamp(min=1e-6)
    rows = [1 - k * x * x, -k * x * y, -x, -k * x * y, 1 - k * y * y, -y, x, y, z]
    return torch.stack(rows, -1).reshape(*x.shape, 3, 3)
