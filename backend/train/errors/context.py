"""What a landmark's error depends on, as numbers for a network."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from backend.train.errors.crop_frame import CropFrame
from backend.train.views import Views
from motion.landmarks import LANDMARK_COUNT

# pose and its speed, size in the crop, hidden, outside of the picture
CONTEXT_COUNT = 2 * 3 * LANDMARK_COUNT + 1 + 2 * LANDMARK_COUNT
CIRCUMSTANCE_COUNT = 1 + 3 * LANDMARK_COUNT
OWN_COUNT = 10
# How much the parts of a kind count beside each other: shoulders' direction, uprightness, size, hidden, outside, speed.
_KIND_WEIGHTS = (1.0, 1.0, 0.7, 0.7, 0.7, 3.0, 6.0, 1.5)
_BODY_M, _CROP_PX = 1.7, 256.0
_LARGEST = 0.2
_SPEED_UNIT_M_S = 3.0
_OUTSIDE_WIDTH_M = 0.1


def context(views: Views, frame: CropFrame) -> Tensor:
    """[B, T, CONTEXT_COUNT], of order one."""
    speed = _speed(frame.pose, views.rate_hz) / _SPEED_UNIT_M_S
    # Beyond the network's own picture more pixels tell it nothing.
    size = torch.log(frame.px_per_m * (_BODY_M / _CROP_PX)).clamp(max=_LARGEST)[..., None]
    return torch.cat([2 * frame.pose.flatten(2), speed.flatten(2), size, views.hidden, outside(views, frame)], -1)


def circumstances(numbers: Tensor) -> Tensor:
    """How well a body can be seen [..., CIRCUMSTANCE_COUNT], whatever its pose: size, speeds, hidden, outside."""
    _, speed, size, hidden, beyond = _parts(numbers)
    return torch.cat([size, speed.norm(dim=-1), hidden, beyond], -1)


def of_each(numbers: Tensor) -> Tensor:
    """What concerns each landmark alone [..., 33, OWN_COUNT]: place, speed, size, hidden, outside, and one."""
    pose, speed, size, hidden, beyond = _parts(numbers)
    size = size[..., None, :].expand_as(pose[..., :1])
    return torch.cat([pose, speed, size, hidden[..., None], beyond[..., None], torch.ones_like(size)], -1)


def _parts(numbers: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    coordinates = 3 * LANDMARK_COUNT
    pose, speed, *others = numbers.split([coordinates, coordinates, 1, LANDMARK_COUNT, LANDMARK_COUNT], -1)
    return pose.unflatten(-1, (LANDMARK_COUNT, 3)), speed.unflatten(-1, (LANDMARK_COUNT, 3)), *others


def kind_of(numbers: Tensor) -> Tensor:
    """What kind of view clips are in the mean over time [B, 8], from their context [B, T, CONTEXT_COUNT].

    Distances between kinds say how alike views are.
    """
    pose, speed, size, hidden, beyond = _parts(numbers)
    shoulders = functional.normalize(pose[..., 11, :] - pose[..., 12, :], dim=-1)
    feet_down = functional.normalize(pose[..., 27:29, :].mean(-2), dim=-1)[..., 1:]
    parts = [shoulders[..., [0, 2]], feet_down, size, hidden.mean(-1, keepdim=True), beyond.mean(-1, keepdim=True),
             speed.norm(dim=-1).mean(-1, keepdim=True)]  # fmt: skip
    return torch.cat(parts, -1).mean(1) * torch.tensor(_KIND_WEIGHTS).to(numbers)


def outside(views: Views, frame: CropFrame) -> Tensor:
    """[B, T, 33] how far beyond the picture's border, 0..1: one from a tenth of a metre on."""
    at_px, size_px = views.landmarks_px, views.size_px[:, None, None].to(views.K)
    beyond_px = torch.maximum(-at_px, at_px - size_px).amax(-1)
    return (beyond_px / (frame.px_per_m[..., None] * _OUTSIDE_WIDTH_M)).clamp(0, 1)


def _speed(pose: Tensor, rate_hz: Tensor) -> Tensor:
    """Central differences over time [B, T, 33, 3], m/s."""
    if pose.shape[1] < 2:
        return torch.zeros_like(pose)
    return torch.gradient(pose, dim=1)[0] * rate_hz[:, None, None, None]
